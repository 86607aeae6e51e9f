/** The program of a worker in Node: what few fits need is loaded by those, for the first fit of a process waits while it starts. */
import { serve } from './serve.ts';

const port = process.getBuiltinModule('node:worker_threads').parentPort;
port?.on(
  'message',
  serve((message, transfer) => port.postMessage(message, transfer), {
    growing: () => import('../grow/js-grower.ts'),
    counting: () => import('../grow/leaf-value.ts'),
  }),
);
