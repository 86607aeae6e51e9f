import { hostKey, normals } from '@dendrite/random';
import { toBytes } from '@dendrite/safetensors';
import { isDendriteError } from '@dendrite/spec';
import { expect, test, vi } from 'vitest';
import { extraTreesClassifier, randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';
import type { GrownTree, TreeGrower } from '../grow/plan.ts';
import { makeCrew } from './crew.ts';
import type * as HowMany from './how-many.ts';
import type { Request } from './messages.ts';
import type { WorkerEvents } from './start-worker.ts';
import { makePool, workerPool } from './worker-pool.ts';

// So small a table would stay with the caller.
vi.mock('./how-many.ts', async (original) => ({
  ...(await original<typeof HowMany>()),
  workersFor: (asked: number | 'auto', { trees }: { readonly trees: number }) =>
    Math.min(trees, asked === 'auto' ? 1 : asked),
}));

const rows = 6000;
const features = 10;
const noise = normals(hostKey(1), rows * features);
const x = { data: Float32Array.from(noise), shape: [rows, features] };
const sums = Array.from(
  { length: rows },
  (_, i) => (noise[features * i] as number) + (noise[features * i + 1] as number),
);
const labels = sums.map((sum) => (sum < -0.5 ? 'low' : sum < 0.5 ? 'middle' : 'high'));

test.each([
  ['three classes', (options: object) => randomForestClassifier({ trees: 24, ...options }), labels],
  ['numbers', (options: object) => randomForestRegressor({ trees: 12, ...options }), sums],
  [
    'entropy, which JavaScript grows',
    (options: object) => randomForestClassifier({ trees: 12, criterion: 'entropy', ...options }),
    labels,
  ],
  ['extra trees', (options: object) => extraTreesClassifier({ trees: 12, ...options }), labels],
] as const)('%s: one forest for any number of workers and every engine', async (_, model, y) => {
  const forests: Uint8Array[] = [];
  for (const options of [{ workers: 1 }, { workers: 2 }, { workers: 3 }, { workers: 2, engine: 'js' }]) {
    const fitted = await model(options).fit({ x, y }, { seed: 4 });
    forests.push(toBytes(await fitted.save()));
  }
  for (const other of forests.slice(1)) expect(Buffer.compare(other, forests[0] as Uint8Array)).toBe(0);
});

test('a fit that is aborted leaves a forest and a pool that serves the next', async () => {
  const stop = new AbortController();
  const run = randomForestClassifier({ trees: 40, workers: 2 }).run({ x, y: labels }, { seed: 1, signal: stop.signal });
  let seen = 0;
  await expect(
    (async () => {
      for await (const { done } of run) {
        expect(done).toBe(++seen);
        if (done === 5) stop.abort();
      }
      await run;
    })(),
  ).rejects.toSatisfy((error) => isDendriteError(error, 'ABORTED'));
  expect(seen).toBeLessThan(20);
  const again = await randomForestClassifier({ trees: 30, workers: 2 }).fit({ x, y: labels }, { seed: 1 });
  expect(again.size.trees).toBe(30);
});

test('a worker that dies is missed by nobody', async () => {
  const model = randomForestClassifier({ trees: 30, workers: 2 });
  const whole = toBytes(await (await model.fit({ x, y: labels }, { seed: 2 })).save());
  const [lent] = workerPool.borrow(1);
  lent?.handle.end();
  if (lent) workerPool.giveBack(lent);
  expect(Buffer.compare(toBytes(await (await model.fit({ x, y: labels }, { seed: 2 })).save()), whole)).toBe(0);
});

test('a fit that ends before it has trees leaves its workers to the next, and starts none that it does not need', async () => {
  const ready = vi.spyOn(workerPool, 'ready');
  const borrow = vi.spyOn(workerPool, 'borrow');
  const model = randomForestClassifier({ trees: 30, workers: 2, missing: 'error' });
  const full = { data: Float32Array.from(x.data), shape: x.shape };
  const gaps = { data: Float32Array.from(x.data).fill(Number.NaN, 7, 8), shape: x.shape };
  await expect(model.fit({ x: gaps, y: labels })).rejects.toSatisfy((error) => isDendriteError(error, 'DATA'));
  const stop = new AbortController();
  const fit = model.fit({ x: full, y: labels }, { signal: stop.signal });
  // Data are looked at first, then the worker starts, and then rows are binned.
  await vi.waitUntil(() => ready.mock.calls.length > 0, { interval: 1 });
  stop.abort();
  await expect(fit).rejects.toSatisfy((error) => isDendriteError(error, 'ABORTED'));
  expect(ready.mock.calls).toEqual([[1]]);
  expect(borrow.mock.results.every(({ value }) => value.length === 1)).toBe(true);
  // Back again, and held by nobody.
  const [lent] = borrow.mock.results[0]?.value ?? [];
  const [again] = workerPool.borrow(1);
  expect(again).toBe(lent ?? again);
  if (again) workerPool.giveBack(again);
  ready.mockClear();
  const before = await randomForestClassifier({ trees: 30, workers: 1 }).fit({ x: full, y: labels });
  await randomForestClassifier({ trees: 31, workers: 2 }).fit({ x: full, y: labels }, { from: await before.save() });
  expect(ready.mock.calls).toEqual([[0]]);
  vi.restoreAllMocks();
});

test('a worker that is started early is lent later; one that dies while it starts is followed by another', () => {
  const started: WorkerEvents[] = [];
  let held = 0;
  const pool = makePool((events) => {
    started.push(events);
    return { send: () => {}, end: () => {}, hold: (on) => (held += on ? 1 : -1) };
  });
  pool.ready(2);
  pool.ready(1);
  expect([started.length, held]).toEqual([2, 0]);
  started[0]?.ended();
  const lent = pool.borrow(2);
  expect([lent.length, started.length, held]).toEqual([2, 3, 2]);
  for (const one of lent) pool.giveBack(one);
  expect(held).toBe(0);
  // Where none can start nobody waits for one.
  const none = makePool(() => undefined);
  none.ready(2);
  expect(none.borrow(2)).toEqual([]);
});

/** A tree that is known by its importance. */
const grown = (number: number): GrownTree => ({
  tree: {
    feature: new Int32Array(1),
    cut: new Int32Array(1),
    right: new Int32Array(1),
    values: new Float64Array(0),
    sets: new Int32Array(0),
  },
  importance: Float64Array.of(number),
  rows: new Int32Array(0),
  leaves: new Int32Array(0),
});
const own: TreeGrower = { grow: ({ bag }) => grown(bag[0] as number) };
const seeds = (i: number) => ({ bag: Uint32Array.of(i), tree: Uint32Array.of(i) });
const open = (): readonly [Request, ArrayBuffer[]] => [{ close: true }, []];

test('trees come in order, whoever grew them: a worker answers late, fails, or ends in the middle', async () => {
  let events: WorkerEvents | undefined;
  const asked: number[] = [];
  const pool = makePool((given) => {
    events = given;
    return {
      hold: () => {},
      end: () => {},
      send(request) {
        if (!('grow' in request)) return;
        const { job, seeds } = request.grow;
        const tree = seeds.bag[0] as number;
        asked.push(tree);
        queueMicrotask(() => {
          if (asked.length > 4) given.ended();
          else given.reply(tree % 2 === 0 ? { job } : { job, grown: grown(tree) });
        });
      },
    };
  });
  const crew = makeCrew({ own, seeds, first: 3, end: 40, pool, helpers: 1, open });
  const taken: number[] = [];
  for (let i = 3; i < 40; i++) {
    taken.push((await crew.take(i)).importance[0] as number);
  }
  crew.close();
  expect(events).toBeDefined();
  expect(asked.length).toBeGreaterThan(4);
  expect(taken).toEqual(Array.from({ length: 37 }, (_, i) => i + 3));
});

test('an answer to the fit before is not taken for one to this', async () => {
  const pool = makePool((events) => ({
    hold: () => {},
    end: () => {},
    // Says of every tree that it is number 1000.
    send: (request) => {
      if ('grow' in request) setTimeout(() => events.reply({ job: request.grow.job, grown: grown(1000) }), 20);
    },
  }));
  makeCrew({ own, seeds, first: 0, end: 4, pool, helpers: 1, open }).close();
  const crew = makeCrew({ own, seeds, first: 0, end: 4, pool: makePool(() => undefined), helpers: 1, open });
  await new Promise((resolve) => setTimeout(resolve, 40));
  for (let i = 0; i < 4; i++) expect((await crew.take(i)).importance[0]).toBe(i);
});

test('short fits stay with the caller; nobody grows less than a tree', async () => {
  const { workersFor } = await vi.importActual<typeof HowMany>('./how-many.ts');
  expect(workersFor(4, { rows: 150, maxFeatures: 2, trees: 100 })).toBe(1);
  expect(workersFor(4, { rows: 20_000, maxFeatures: 4, trees: 100 })).toBe(4);
  expect(workersFor(4, { rows: 1_000_000, maxFeatures: 4, trees: 3 })).toBe(3);
});
