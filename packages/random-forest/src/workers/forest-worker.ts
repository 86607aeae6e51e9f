/** The program of a worker, in Node and in browsers. */
import type { Request } from './messages.ts';
import { serve } from './serve.ts';

const threads = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:worker_threads');
const port = threads?.parentPort;
if (port)
  port.on(
    'message',
    serve((message, transfer) => port.postMessage(message, transfer)),
  );
else {
  const scope = globalThis as unknown;
  const { postMessage } = scope as { postMessage(message: unknown, transfer: ArrayBuffer[]): void };
  const take = serve((message, transfer) => postMessage(message, transfer));
  globalThis.addEventListener('message', (event) => take((event as MessageEvent<Request>).data));
}
