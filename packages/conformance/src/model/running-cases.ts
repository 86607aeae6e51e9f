/** A run under the caller's eyes: progress, stopping, aborting, going on from a checkpoint. */
import type { Callback, Checkpoint, CheckpointStore, ProgressEvent } from '@dendrite/spec';
import { check, type KitCase } from '../kit/kit-case.ts';
import { sameLive } from '../kit/live.ts';
import { raises } from '../kit/raises.ts';
import { type AnyFitted, type ModelBench, sameArrays } from './model-kit.ts';

export function runningCases(bench: ModelBench): readonly KitCase[] {
  const { kit } = bench;
  const train = bench.examples();
  const test = bench.examples('test');
  const cases: KitCase[] = [
    {
      name: 'model: leaves nothing alive once it is disposed',
      async run() {
        const { runtime } = kit;
        const before = runtime?.live();
        const fitted = await bench.fit(train, { validation: 0.2 });
        await fitted.predict(test.x);
        const restored = await bench.restore(await fitted.save());
        await restored.predict(test.x);
        fitted.dispose();
        fitted.dispose();
        restored.dispose();
        if (runtime && before) sameLive(runtime, before, 'fit, predict, save, restore and dispose');
      },
    },
    {
      name: 'model: predicting leaves nothing alive',
      async run() {
        const fitted = await bench.fit(train);
        const before = kit.runtime?.live();
        await fitted.predict(test.x);
        await fitted.evaluate(test, {});
        if (kit.runtime && before) sameLive(kit.runtime, before, 'predict');
        fitted.dispose();
      },
    },
    {
      name: 'model: tells its progress, to callbacks and onProgress alike',
      async run() {
        const told: ProgressEvent[] = [];
        const called: ProgressEvent[] = [];
        const watcher: Callback = { name: 'watcher', on: (event) => void called.push(event) };
        const fitted = await bench.fit(train, {
          validation: test,
          callbacks: [watcher],
          onProgress: (event) => void told.push(event),
        });
        fitted.dispose();
        check(told.length > 0, 'must tell at least one event');
        check(
          told.length === called.length && told.every((event, i) => event.done === called[i]?.done),
          'callbacks and onProgress must hear the same',
        );
        const last = told.at(-1);
        check(
          last !== undefined && last.done === last.of,
          `must end with all units done, got ${last?.done} of ${last?.of}`,
        );
        for (const [i, event] of told.entries()) {
          const previous = told[i - 1];
          check(event.done <= event.of, `done must not pass ${event.of}, got ${event.done}`);
          check(!previous || event.seconds >= previous.seconds, 'time must not run backwards');
          check(!previous || event.examples >= previous.examples, 'the number of examples must not fall');
          for (const [name, value] of Object.entries(event.metrics))
            check(Number.isFinite(value), `${name} must be a number, got ${value}`);
        }
        check(
          told.some(({ metrics }) => Object.keys(metrics).some((name) => name.startsWith('validation.'))),
          'with validation data its metrics must be told',
        );
        check(
          fitted.history.length > 0 && fitted.history.every(({ unit }) => unit !== 'batch'),
          'history must hold epochs or trees',
        );
      },
    },
    {
      name: 'model: an error in a callback ends the run with it and frees everything',
      async run() {
        const before = kit.runtime?.live();
        const thrower: Callback = {
          name: 'thrower',
          on() {
            throw new RangeError('mine');
          },
        };
        let caught: unknown;
        await bench.fit(train, { callbacks: [thrower] }).catch((error: unknown) => (caught = error));
        check(
          caught instanceof RangeError && caught.message === 'mine',
          `the callback's own error must come out, got ${String(caught)}`,
        );
        if (kit.runtime && before) sameLive(kit.runtime, before, 'a failed run');
      },
    },
    {
      name: 'model: abort ends the run with ABORTED and frees everything',
      async run() {
        const before = kit.runtime?.live();
        const controller = new AbortController();
        let events = 0;
        await raises('an aborted fit', ['ABORTED'], () =>
          bench.fit(train, {
            signal: controller.signal,
            onProgress: () => {
              if (++events === 1) controller.abort();
            },
          }),
        );
        check(events === 1, `nothing must be told after the abort, got ${events - 1} more events`);
        await raises('a fit with an aborted signal', ['ABORTED'], () =>
          bench.fit(train, { signal: AbortSignal.abort() }),
        );
        if (kit.runtime && before) sameLive(kit.runtime, before, 'an aborted run');
      },
    },
    {
      name: 'model: stop gives a usable model and says why',
      async run() {
        const run = bench.make().run(train, bench.options());
        check(!('then' in run), 'a run must not be thenable');
        let last: ProgressEvent | undefined;
        for await (const event of run) {
          last = event;
          run.stop('enough');
        }
        const fitted: AnyFitted = await run.result;
        check((await fitted.predict(test.x)).length === test.y.length, 'a stopped model must predict');
        if (last && last.done < last.of)
          check(fitted.stopped === 'enough', `must say why it stopped, got '${fitted.stopped}'`);
        fitted.dispose();
      },
    },
    {
      name: 'model: fit and run give the same bits',
      async run() {
        const run = bench.make().run(train, bench.options());
        for await (const _event of run);
        const [a, b]: [AnyFitted, AnyFitted] = [await run.result, await bench.fit(train)];
        sameArrays('run', await a.save(), await b.save());
        a.dispose();
        b.dispose();
      },
    },
  ];
  if (bench.make().capabilities.resume !== 'none') cases.push(resumeCase(bench), storeCase(bench));
  return cases;
}

function resumeCase(bench: ModelBench): KitCase {
  return {
    name: 'model: going on from a checkpoint gives the bits of an unbroken run',
    async run() {
      const train = bench.examples();
      let taken: Checkpoint | undefined;
      const taker: Callback = {
        name: 'taker',
        async on(event, run) {
          if (taken || event.unit === 'batch' || event.done * 2 < event.of || event.done === event.of) return;
          taken = await run.checkpoint();
          run.stop('half way');
        },
      };
      const half = await bench.fit(train, { callbacks: [taker] });
      half.dispose();
      check(taken !== undefined, 'must give a checkpoint half way: give the kit more than one epoch');
      const resumed = await bench.fit(train, { from: taken });
      const whole = await bench.fit(train);
      sameArrays('the resumed run', await resumed.save(), await whole.save());
      resumed.dispose();
      whole.dispose();
    },
  };
}

function storeCase(bench: ModelBench): KitCase {
  return {
    name: 'model: the same call again goes on from its store to the bits of an unbroken run',
    async run() {
      const train = bench.examples();
      const before = bench.kit.runtime?.live();
      const files = new Map<string, Uint8Array>();
      const store: CheckpointStore = {
        '~dendrite': 'checkpoint-store',
        name: "the kit's store",
        list: async () => [...files.keys()],
        read: async (name) => files.get(name),
        write: async (name, bytes) => void files.set(name, bytes.slice()),
        remove: async (name) => void files.delete(name),
      };
      // Remembers every model, as early stopping does with the best; so the end is a remembered one.
      const keen: Callback = { name: 'keen', on: ({ unit }, run) => (unit === 'batch' ? undefined : run.remember()) };
      const options = { checkpoint: { store, every: 1, keep: { last: 99 } }, callbacks: [keen] };
      const controller = new AbortController();
      await raises('an aborted fit', ['ABORTED'], () =>
        bench.fit(train, {
          ...options,
          signal: controller.signal,
          onProgress: ({ unit, done, of }) => unit !== 'batch' && done * 2 >= of && controller.abort(),
        }),
      );
      check(files.size > 0, 'checkpoints must be kept: give the kit more than one epoch');
      const [first = ''] = files.keys();
      const newest = [...files.keys()].at(-1) ?? '';
      // Half written: it must be passed over. A run that has only one begins anew.
      files.set(newest, (files.get(newest) ?? new Uint8Array(0)).slice(0, 1000));
      const resumed = await bench.fit(train, options);
      const whole = await bench.fit(train, { callbacks: [keen] });
      sameArrays('the resumed run', await resumed.save(), await whole.save());
      check(
        resumed.history.length === whole.history.length,
        `the history must be whole, ${whole.history.length} events, got ${resumed.history.length}`,
      );
      files.set(first, new Uint8Array(3));
      await raises('another seed in the same store', ['OPTION'], () => bench.fit(train, { ...options, seed: 12_345 }));
      resumed.dispose();
      whole.dispose();
      if (bench.kit.runtime && before) sameLive(bench.kit.runtime, before, 'runs with a store');
    },
  };
}
