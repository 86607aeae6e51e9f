/** Plans of forests: bytes of workspace and trees, what to change, and a later fit with the same bits. */
import { toBytes } from '@dendrite/safetensors';
import { expect, test } from 'vitest';
import { decisionTreeClassifier, randomForestClassifier, randomForestRegressor } from './forests.ts';

const rows = 600;
const x = { data: Float32Array.from({ length: rows * 5 }, (_, i) => Math.sin(i * i)), shape: [rows, 5] };
const y = Array.from({ length: rows }, (_, i) => ['a', 'b', 'c'][Math.floor(3 * Math.abs(Math.sin(i)))] ?? 'a');

test('trees, bytes and their parts', async () => {
  const plan = await randomForestClassifier({ trees: 20 }).plan({ x, y }, { trial: 0 });
  expect(plan).toMatchObject({ rows, unit: 'tree', units: 20, fits: true, where: 'wasm, one thread' });
  const { workspace = 0, trees = 0, bins = 0, 'out of bag': votes = 0 } = plan.bytes.parts;
  expect(plan.bytes.peak).toBe(workspace + trees + bins + votes);
  const fitted = await randomForestClassifier({ trees: 20 }).fit({ x, y });
  expect(Math.abs(trees / (12 * fitted.size.nodes) - 1)).toBeLessThan(0.15);
  expect(votes).toBe(rows * (3 * 8 + 4 + 1));
});

test('a trial gives seconds and changes no bit of a later fit', async () => {
  const model = randomForestRegressor({ trees: 12 });
  const data = { x, y: Float32Array.from({ length: rows }, (_, i) => Math.cos(i)) };
  const before = toBytes(await (await model.fit(data, { seed: 3 })).save());
  const plan = await model.plan(data, { seed: 3, trial: 0.05 });
  expect(plan.seconds).toBeGreaterThan(0);
  expect(plan.trial?.units).toBeGreaterThan(0);
  expect(Buffer.compare(before, toBytes(await (await model.fit(data, { seed: 3 })).save()))).toBe(0);
});

test('who will grow the trees, whatever was asked for', async () => {
  for (const settings of [
    { criterion: 'entropy' },
    { maxLeafNodes: 9 },
    { splitter: 'exact' },
    { engine: 'js' },
  ] as const) {
    const model = randomForestClassifier({ trees: 2, ...settings });
    expect(await model.plan({ x, y }, { trial: 0 })).toMatchObject({ where: 'js, one thread' });
    expect((await model.fit({ x, y })).engine).toBe('js');
  }
});

test('what goes on counts only the trees that are missing', async () => {
  const six = await (await randomForestClassifier({ trees: 6 }).fit({ x, y })).save();
  const plan = await randomForestClassifier({ trees: 20 }).plan({ x, y }, { from: six, trial: 0 });
  expect(plan.units).toBe(14);
});

test.each([
  [400_000, /there is room for \d+ trees of the 500 asked for/],
  [1000, /one tree on one thread is too much: take about \d+ of the 600 rows/],
  [1, /one tree on one thread is too much: not even one row can be had; allow more memory/],
])('%i bytes: what to change', async (bytes, advice) => {
  const plan = await randomForestClassifier({ trees: 500 }).plan({ x, y }, { limits: { bytes } });
  expect(plan.fits).toBe(false);
  expect(plan.obstacles[0]?.advice).toMatch(advice);
});

test('neither memory nor time: both are named, the time from trees that there is room for', async () => {
  const limits = { bytes: 400_000, seconds: 1e-6 };
  const plan = await randomForestClassifier({ trees: 500 }).plan({ x, y }, { limits, trial: 10 });
  expect(plan.obstacles.map(({ what }) => what)).toEqual(['memory', 'time']);
  const [, most] = /room for (\d+) trees/.exec(plan.obstacles[0]?.advice ?? '') ?? [];
  expect(plan.trial?.units).toBeLessThanOrEqual(Number(most));
});

test('a single tree has no votes', async () => {
  const plan = await decisionTreeClassifier().plan({ x, y }, { trial: 0 });
  expect(plan.bytes.parts).not.toHaveProperty('out of bag');
  expect(plan.units).toBe(1);
});
