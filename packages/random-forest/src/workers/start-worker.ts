/** Starting a worker: worker_threads in Node, a Web Worker in browsers. */
import type { Reply, Request } from './messages.ts';

export interface WorkerEvents {
  reply(message: Reply): void;
  /** It ended, or could not start. */
  ended(): void;
}
export interface WorkerHandle {
  send(request: Request, transfer?: ArrayBuffer[]): void;
  /** A process waits for it only while it is held. */
  hold(on: boolean): void;
  end(): void;
}
export type StartWorker = (events: WorkerEvents) => WorkerHandle | undefined;

/** Undefined where there are no workers. */
export const startWorker: StartWorker = (events) => {
  // Asked for by name at run time, so that a bundler for browsers sees no module of Node.
  const threads = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:worker_threads');
  try {
    if (threads) return startInNode(threads, events);
    return typeof Worker === 'undefined' ? undefined : startInBrowser(events);
  } catch {
    return undefined;
  }
};

/** Run from its sources the package has another ending, and needs the condition under which it finds its neighbours. */
const fromSource = (): boolean => import.meta.url.endsWith('.ts');
const sourceFile = (where: 'node' | 'page'): URL => new URL(`./${where}-worker${'.ts'}`, import.meta.url);

function startInNode({ Worker: NodeWorker }: typeof import('node:worker_threads'), events: WorkerEvents): WorkerHandle {
  const worker = fromSource()
    ? new NodeWorker(sourceFile('node'), { execArgv: ['--conditions=@dendrite/source'] })
    : new NodeWorker(new URL('./node-worker.js', import.meta.url), { execArgv: [] });
  worker.on('message', events.reply);
  worker.on('error', () => {});
  worker.on('exit', events.ended);
  // Behind the listeners, which hold the process.
  worker.unref();
  return {
    send: (request, transfer) => worker.postMessage(request, transfer ?? []),
    hold: (on) => (on ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  };
}

function startInBrowser(events: WorkerEvents): WorkerHandle {
  const worker = fromSource()
    ? new Worker(sourceFile('page'), { type: 'module' })
    : new Worker(new URL('./page-worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Reply>) => events.reply(data);
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    events.ended();
  };
  return {
    send: (request, transfer) => worker.postMessage(request, transfer ?? []),
    hold: () => {},
    end: () => worker.terminate(),
  };
}
