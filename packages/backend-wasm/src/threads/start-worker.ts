/**
 * A thread of this host: worker_threads in Node, a Web Worker elsewhere. The program travels as text, so it needs no file that a
 * bundler would have to find; where a page's policy forbids that, the worker says so and there is one thread.
 */
import { mod } from '../device/host-math.ts';
import { nodeWorkers } from './why-one-thread.ts';
import { type WorkerSetup, workerProgram } from './worker-program.ts';

/** A started worker. It keeps no process alive. */
export interface WorkerHandle {
  /** Ends it, in the middle of what it does. */
  end(): Promise<unknown>;
}
export interface WorkerEvents {
  /** It is about to look for work. */
  ready(): void;
  /** It ended, or could not start. Never called before the starter has returned. */
  ended(reason: string): void;
}
export type WorkerStarter = (setup: WorkerSetup, events: WorkerEvents) => WorkerHandle;

/** How to start a worker here, where nothing speaks against it. */
export function workerStarter(): WorkerStarter {
  const node = nodeWorkers();
  return node ? (setup, events) => startInNode(node, setup, events) : startInBrowser;
}

const program = (setup: string, port: string): string =>
  `(${workerProgram})(${setup}, ${mod}, () => ${port}.postMessage(0));`;

function startInNode(
  { Worker: NodeWorker }: typeof import('node:worker_threads'),
  setup: WorkerSetup,
  events: WorkerEvents,
): WorkerHandle {
  const source = `const { parentPort, workerData } = require('node:worker_threads'); ${program('workerData', 'parentPort')}`;
  const worker = new NodeWorker(source, { eval: true, workerData: setup, execArgv: [], name: 'dendrite' });
  let reason = 'it was ended';
  worker.on('message', events.ready);
  worker.on('error', (error) => {
    reason = String(error);
  });
  worker.on('exit', () => events.ended(reason));
  // Behind the listeners, which hold the process.
  worker.unref();
  return { end: () => worker.terminate() };
}

function startInBrowser(setup: WorkerSetup, events: WorkerEvents): WorkerHandle {
  const source = `onmessage = ({ data }) => { ${program('data', 'self')} };`;
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    const worker = new Worker(address, { name: 'dendrite' });
    worker.onmessage = events.ready;
    worker.onerror = (event) => {
      event.preventDefault();
      events.ended(event.message || "the page's content security policy may forbid it: add worker-src blob:");
    };
    worker.postMessage(setup);
    return {
      async end() {
        worker.terminate();
        URL.revokeObjectURL(address);
      },
    };
  } catch (error) {
    queueMicrotask(() => events.ended(String(error)));
    return { async end() {} };
  }
}
