import {
  type Callback,
  type Checkpoint,
  DendriteError,
  type FitRun,
  isDendriteError,
  type ProgressEvent,
} from '@dendrite/spec';
import { describe, expect, test, vi } from 'vitest';
import type { TrainEvent } from '../definition/definition.ts';
import type { AnyCore } from '../fitted/trained.ts';
import { makeRun, type RunOptions } from './run.ts';

interface Trace {
  readonly units: number[];
  begun: number;
  closed: number;
  cores: number;
}
const fresh = (): Trace => ({ units: [], begun: 0, closed: 0, cores: 0 });

/** Counts units; its model is the number of units it has seen. */
function counting(
  options: Partial<RunOptions> = {},
  { of = 5, trace = fresh(), slow = false, breakAt = 0, snapshots = true, only = 1 } = {},
): { run: FitRun<{ units: number; stopped: string | undefined; history: readonly ProgressEvent[] }>; trace: Trace } {
  const sizes = new WeakMap<AnyCore, number>();
  const core = (units: number): AnyCore => {
    trace.cores++;
    const made: AnyCore = {
      predict: () => ({ values: [] }),
      save: () => ({ arrays: {} }),
      dispose: () => {
        trace.cores--;
      },
    };
    sizes.set(made, units);
    return made;
  };
  async function* training(stopping: () => boolean): AsyncGenerator<TrainEvent, AnyCore, void> {
    trace.begun++;
    try {
      let unit = 0;
      while (unit < of && !stopping()) {
        if (slow) await new Promise((resolve) => setTimeout(resolve, 5));
        unit++;
        if (unit === breakAt) throw new Error(`unit ${unit} broke`);
        trace.units.push(unit);
        const at = unit;
        const { arrays } = { arrays: {} };
        yield {
          unit: 'epoch',
          done: at,
          of,
          examples: 10 * at,
          metrics: { loss: 1 / at },
          ...(snapshots && { snapshot: () => core(at) }),
          ...(at % only === 0 && { checkpoint: () => ({ arrays, cursor: { epoch: at, batch: 0, step: 0 } }) }),
        };
      }
      return core(unit);
    } finally {
      trace.closed++;
    }
  }
  const run = makeRun(
    async ({ stopping }) => ({
      training: training(stopping),
      checkpoint: async ({ cursor }) => ({ cursor }) as Checkpoint,
      finish: async (made: AnyCore, history: readonly ProgressEvent[], stopped: string | undefined) => ({
        units: sizes.get(made) ?? 0,
        stopped,
        history: [...history],
      }),
    }),
    { callbacks: [], name: 'test/counting', resumable: true, ...options },
  );
  return { run, trace };
}
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

describe('a run starts late and is no promise', () => {
  test('nothing happens before it is asked for', async () => {
    const { run, trace } = counting();
    await tick();
    expect([trace.begun, 'then' in run]).toEqual([0, false]);
    expect(await (async () => run)()).toBe(run);
    expect((await run.result).units).toBe(5);
    expect(run.result).toBe(run.result);
    expect([trace.begun, trace.closed, trace.cores]).toEqual([1, 1, 1]);
  });

  test('the first next() starts it', async () => {
    const { run, trace } = counting();
    const { value } = await run[Symbol.asyncIterator]().next();
    expect([value?.done, trace.units]).toEqual([1, [1]]);
    run.stop();
    await run.result;
  });
});

describe('iterating', () => {
  test('every event once, in order; then the result', async () => {
    const { run } = counting();
    const seen: number[] = [];
    for await (const { done, seconds } of run) {
      seen.push(done);
      expect(seconds).toBeGreaterThanOrEqual(0);
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    const { units, stopped, history } = await run.result;
    expect([units, stopped, history.map(({ done }) => done)]).toEqual([5, undefined, [1, 2, 3, 4, 5]]);
  });

  test('training waits while the consumer is busy, also when the result was asked for before', async () => {
    for (const early of [false, true]) {
      const { run, trace } = counting({}, { slow: true });
      if (early) void run.result;
      for await (const { done } of run) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(trace.units.length).toBe(done);
      }
      await run.result;
    }
  });

  test('break stops; the model so far is the result', async () => {
    const { run, trace } = counting();
    for await (const { done } of run) if (done === 2) break;
    const { units, stopped } = await run.result;
    expect([units, stopped, trace.closed]).toEqual([2, 'break', 1]);
    for await (const _ of run) expect.unreachable();
  });

  test('break at the last event is no early end', async () => {
    const { run } = counting();
    for await (const { done, of } of run) if (done === of) break;
    expect((await run.result).stopped).toBeUndefined();
  });

  test('stop inside the loop: its reason, and the loop ends', async () => {
    const { run } = counting();
    const seen: number[] = [];
    for await (const { done } of run) {
      seen.push(done);
      if (done === 3) {
        run.stop('enough');
        run.stop('too late');
      }
    }
    expect([seen, (await run.result).stopped]).toEqual([[1, 2, 3], 'enough']);
  });

  test('stop before the start and after the end', async () => {
    const { run } = counting();
    run.stop('never mind');
    expect(await run.result).toMatchObject({ units: 0, stopped: 'never mind' });
    run.stop('again');
    expect((await run.result).stopped).toBe('never mind');
  });

  test('a consumer that asks ahead gets each event once', async () => {
    const { run } = counting();
    const iterator = run[Symbol.asyncIterator]();
    const all = await Promise.all(Array.from({ length: 7 }, () => iterator.next()));
    expect(all.map(({ value, done }) => (done ? 'end' : value?.done))).toEqual([1, 2, 3, 4, 5, 'end', 'end']);
  });
});

describe('errors end it, cleanly', () => {
  test('of training: told to the loop and by the result', async () => {
    const { run, trace } = counting({}, { breakAt: 3 });
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const { done } of run) seen.push(done);
      })(),
    ).rejects.toThrow('unit 3 broke');
    await expect(run.result).rejects.toThrow('unit 3 broke');
    expect([seen, trace.closed, trace.cores]).toEqual([[1, 2], 1, 0]);
  });

  test('one that only the loop sees is not unhandled', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { run } = counting({}, { breakAt: 1 });
    await expect(run[Symbol.asyncIterator]().next()).rejects.toThrow('unit 1 broke');
    await tick();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('of a callback or of onProgress: the very same error', async () => {
    const own = new RangeError('mine');
    const callback: Callback = {
      name: 'thrower',
      on({ done }) {
        if (done === 2) throw own;
      },
    };
    for (const options of [
      { callbacks: [callback] },
      {
        onProgress: () => {
          throw own;
        },
      },
      { callbacks: [{ name: 'late', on: async () => Promise.reject(own) }] },
    ]) {
      const { run, trace } = counting(options);
      await expect(run.result).rejects.toBe(own);
      expect([trace.closed, trace.cores]).toEqual([1, 0]);
    }
  });
});

describe('abort', () => {
  test('before the start nothing runs', async () => {
    const { run, trace } = counting({ signal: AbortSignal.abort('no time') });
    const error = await run.result.catch((caught: unknown) => caught);
    expect(isDendriteError(error, 'ABORTED')).toBe(true);
    expect(String(error)).toContain('training was stopped by its signal before the first unit of work');
    expect((error as Error).cause).toBe('no time');
    expect(trace.begun).toBe(0);
  });

  test('in the middle: the generator is closed, no core is left, the signal is let go', async () => {
    const controller = new AbortController();
    const add = vi.spyOn(controller.signal, 'addEventListener');
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    const { run, trace } = counting({
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 2) controller.abort();
      },
    });
    await expect(run.result).rejects.toThrow(
      'fit(): training was stopped by its signal after 2 of 5 epochs. To keep the model so far, use run() and stop().',
    );
    expect([trace.units, trace.closed, trace.cores]).toEqual([[1, 2], 1, 0]);
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });

  test('while the consumer is busy, and while training computes without a pause', async () => {
    const controller = new AbortController();
    const { run } = counting({ signal: controller.signal });
    const iterator = run[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort();
    await expect(run.result).rejects.toThrow('after 1 of 5 epochs');
    await expect(iterator.next()).rejects.toThrow('stopped by its signal');
    // A model that never waits: timers get their turn all the same.
    const busy = counting({ signal: AbortSignal.timeout(50) }, { of: 1e9 });
    await expect(busy.run.result).rejects.toThrow('stopped by its signal');
  });

  test('an error caused by the signal is ABORTED too, with its cause', async () => {
    const controller = new AbortController();
    const { run } = counting({
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
        throw new Error('fetch was cut off');
      },
    });
    const error = await run.result.catch((caught: unknown) => caught);
    expect(isDendriteError(error, 'ABORTED')).toBe(true);
    expect((error as Error).cause).toMatchObject({ message: 'fetch was cut off' });
  });
});

describe('what callbacks may ask for', () => {
  const at = (when: number, act: (run: Parameters<Callback['on']>[1]) => void | Promise<void>): Callback => ({
    name: 'at',
    on: ({ done }, run) => (done === when ? act(run) : undefined),
  });

  test('remember: the run ends with the one remembered last, the others are freed', async () => {
    const { run, trace } = counting({ callbacks: [at(2, (r) => r.remember()), at(4, (r) => r.remember())] });
    expect((await run.result).units).toBe(4);
    expect(trace.cores).toBe(1);
  });
  test('remember without snapshots is refused', async () => {
    const { run, trace } = counting({ callbacks: [at(1, (r) => r.remember())] }, { snapshots: false });
    await expect(run.result).rejects.toThrow(
      "remember(): 'test/counting' must give a snapshot with its events, got none after a epoch",
    );
    expect(trace.cores).toBe(0);
  });
  test('stop: with a reason', async () => {
    const { run } = counting({ callbacks: [at(3, (r) => r.stop('rule'))] });
    expect(await run.result).toMatchObject({ units: 3, stopped: 'rule' });
  });
  test('checkpoint: of this event, also when awaited', async () => {
    const taken: number[] = [];
    const { run } = counting({
      callbacks: [
        at(2, async (r) => {
          taken.push((await r.checkpoint()).cursor.epoch);
        }),
      ],
    });
    await run.result;
    expect(taken).toEqual([2]);
  });
});

describe('checkpoint()', () => {
  test('in the loop: of the event in hand', async () => {
    const { run } = counting();
    for await (const { done } of run) if (done === 2) expect((await run.checkpoint()).cursor.epoch).toBe(2);
  });
  test('from outside: after the next unit that can be saved', async () => {
    const { run } = counting({}, { slow: true, only: 3 });
    const asked = run.checkpoint();
    void run.result;
    expect((await asked).cursor.epoch).toBe(3);
  });
  test('refused: after the end, without the capability, at an event that has none', async () => {
    const { run } = counting();
    await run.result;
    await expect(run.checkpoint()).rejects.toThrow('the run must still be going, got one that has ended');
    await expect(counting({ resumable: false }).run.checkpoint()).rejects.toThrow("got the capability resume: 'none'");
    const none = counting({}, { only: 10 });
    const asked = none.run.checkpoint();
    asked.catch(() => {});
    await none.run.result;
    await expect(asked).rejects.toThrow('got one that has ended');
    const callback: Callback = { name: 'c', on: async (_, r) => void (await r.checkpoint()) };
    await expect(counting({ callbacks: [callback] }, { only: 10 }).run.result).rejects.toThrow(
      'can only be saved at an event that has a snapshot',
    );
  });
  test('a waiting one fails with the run', async () => {
    const { run } = counting({}, { breakAt: 1 });
    const asked = run.checkpoint();
    asked.catch(() => {});
    await expect(run.result).rejects.toThrow('unit 1 broke');
    await expect(asked).rejects.toThrow('unit 1 broke');
    expect(new DendriteError('OPTION', '').code).toBe('OPTION');
  });
});
