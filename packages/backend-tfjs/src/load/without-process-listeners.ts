/**
 * Emscripten's start-up code catches the process's uncaught errors in Node and throws them again from its own file, so that
 * every crash of the program looks like one of tfjs. Its listeners are taken off again.
 */
const events = ['uncaughtException', 'unhandledRejection'] as const;

interface Emitter {
  listeners(event: string): readonly unknown[];
  removeListener(event: string, listener: unknown): unknown;
}

/** Runs `start`, and takes off the listeners for uncaught errors that it put on. */
export async function withoutProcessListeners<T>(start: () => Promise<T>): Promise<T> {
  const { process } = globalThis as { process?: Partial<Emitter> };
  if (typeof process?.listeners !== 'function') return start();
  const emitter = process as Emitter;
  const before = events.map((event) => new Set(emitter.listeners(event)));
  try {
    return await start();
  } finally {
    events.forEach((event, i) => {
      for (const listener of emitter.listeners(event))
        if (!before[i]?.has(listener)) emitter.removeListener(event, listener);
    });
  }
}
