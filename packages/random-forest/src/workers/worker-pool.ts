/**
 * Workers that stand ready between fits: started when they are first wanted, lent to one fit at a time, never ended. A process
 * does not wait for them.
 */
import type { Reply } from './messages.ts';
import { type StartWorker, startWorker, type WorkerHandle } from './start-worker.ts';

export interface Lent {
  readonly handle: WorkerHandle;
  /** Whom replies and its end are told; nobody while it waits. */
  listener: { reply(message: Reply): void; ended(): void } | undefined;
}
export interface WorkerPool {
  /** Lets `count` workers start that will be borrowed soon: until then they wait, and no process waits for them. */
  ready(count: number): void;
  /** Up to `count` workers, fewer where there are no more. */
  borrow(count: number): Lent[];
  giveBack(lent: Lent): void;
}

export function makePool(start: StartWorker): WorkerPool {
  const idle = new Set<Lent>();
  const startOne = (): Lent | undefined => {
    const handle = start({
      reply: (message) => lent.listener?.reply(message),
      ended() {
        idle.delete(lent);
        lent.listener?.ended();
        lent.listener = undefined;
      },
    });
    const lent = { handle, listener: undefined } as { handle: WorkerHandle } & Lent;
    return handle && lent;
  };
  return {
    ready(count) {
      while (idle.size < count) {
        const next = startOne();
        if (next === undefined) break;
        idle.add(next);
      }
    },
    borrow(count) {
      const lent: Lent[] = [];
      while (lent.length < count) {
        const [next = startOne()] = idle;
        if (next === undefined) break;
        idle.delete(next);
        next.handle.hold(true);
        lent.push(next);
      }
      return lent;
    },
    giveBack(lent) {
      lent.listener = undefined;
      lent.handle.hold(false);
      lent.handle.send({ close: true });
      idle.add(lent);
    },
  };
}

/** The pool of this process or page. */
export const workerPool: WorkerPool = makePool(startWorker);
