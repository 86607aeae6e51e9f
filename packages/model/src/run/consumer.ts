/**
 * The side of who iterates over a run: events are handed over one at a time, and the run waits until the next one is asked for.
 * Loaded by the first who iterates.
 */
import type { ProgressEvent } from '@dendrite/spec';

type Next = IteratorResult<ProgressEvent, undefined>;
interface Waiter {
  resolve(next: Next): void;
  reject(error: unknown): void;
}

export type Events = Required<Pick<AsyncIterator<ProgressEvent, undefined, undefined>, 'next' | 'return'>>;
export interface Consumer {
  /** Resolves when the run may go on: nobody iterates any more, or the next event is asked for. Woken by `wake`. */
  turn(mayRun: () => boolean): Promise<void>;
  wake(): void;
  deliver(event: ProgressEvent): void;
  end(): void;
  fail(error: unknown): void;
  iterator(start: () => void, leave: () => void): Events;
}

export function makeConsumer(): Consumer {
  const waiters: Waiter[] = [];
  const ready: ProgressEvent[] = [];
  const failed: { error?: unknown; open: boolean } = { open: false };
  let iterating = true;
  let over = false;
  let wakeUp: (() => void) | undefined;
  const wake = (): void => {
    wakeUp?.();
    wakeUp = undefined;
  };
  const settle = (act: (waiter: Waiter) => void): void => {
    over = true;
    for (const waiter of waiters.splice(0)) act(waiter);
  };
  return {
    wake,
    async turn(mayRun) {
      while (iterating && !mayRun() && (waiters.length === 0 || ready.length > 0)) {
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
        });
      }
    },
    deliver(event) {
      if (!iterating) return;
      const waiter = waiters.shift();
      if (waiter) waiter.resolve({ value: event, done: false });
      else ready.push(event);
    },
    end: () => settle((waiter) => waiter.resolve({ value: undefined, done: true })),
    fail(error) {
      // Told once: to whoever waits, else to the next who asks.
      const told = waiters.length > 0;
      settle((waiter) => waiter.reject(error));
      if (!told) Object.assign(failed, { error, open: true });
    },
    iterator(start, leave) {
      return {
        next() {
          iterating = true;
          start();
          const event = ready.shift();
          if (event) return Promise.resolve({ value: event, done: false });
          if (failed.open) {
            failed.open = false;
            return Promise.reject(failed.error);
          }
          if (over) return Promise.resolve({ value: undefined, done: true });
          return new Promise<Next>((resolve, reject) => {
            waiters.push({ resolve, reject });
            wake();
          });
        },
        async return() {
          iterating = false;
          ready.length = 0;
          leave();
          wake();
          return { value: undefined, done: true };
        },
      };
    },
  };
}
