/** The program of a worker in browsers: whole, for not every bundler can split what a worker loads. */
import { jsGrower } from '../grow/js-grower.ts';
import { leafValues } from '../grow/leaf-value.ts';
import type { Request } from './messages.ts';
import { serve } from './serve.ts';

const scope = globalThis as unknown;
const { postMessage } = scope as { postMessage(message: unknown, transfer: ArrayBuffer[]): void };
const take = serve((message, transfer) => postMessage(message, transfer), {
  growing: async () => ({ jsGrower }),
  counting: async () => ({ leafValues }),
});
globalThis.addEventListener('message', (event) => take((event as MessageEvent<Request>).data));
