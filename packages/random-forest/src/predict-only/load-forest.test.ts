/** A forest loaded to predict against the one that was saved: equal to the bit, for every kind of forest and of input. */
import { toBytes } from '@dendrite/safetensors';
import { expect, test } from 'vitest';
import {
  decisionTreeRegressor,
  extraTreesClassifier,
  randomForestClassifier,
  randomForestRegressor,
} from '../forest/forests.ts';
import { loadForest } from './load-forest.ts';

const rows = Array.from({ length: 120 }, (_, i) => ({
  size: i % 11 === 0 ? null : Math.fround(Math.sin(i) * 10),
  colour: i % 13 === 0 ? null : (['red', 'green', 'blue'][(i * i) % 3] ?? 'red'),
  round: i % 4 === 0,
  kind: i % 7 < 3 ? 'low' : i % 5 === 0 ? 'middle' : 'high',
  weight: Math.cos(i) + i / 30,
}));
const inputs = rows.map(({ size, colour, round }) => ({ size, colour, round }));
const classes = rows.map(({ weight: _, ...row }) => row);
const numbers = rows.map(({ kind: _, ...row }) => row);

test.each([
  ['a forest', randomForestClassifier({ trees: 12 })],
  ['votes', randomForestClassifier({ trees: 12, combine: 'mode', minSamplesLeaf: 3 })],
  ['exact cuts', randomForestClassifier({ trees: 12, splitter: 'exact' })],
  ['extra trees', extraTreesClassifier({ trees: 12 })],
] as const)('classes: %s', async (_, model) => {
  const fitted = await model.fit({ rows: classes, target: 'kind' }, { seed: 3 });
  const loaded = await loadForest(toBytes(await fitted.save()), { labels: ['low', 'middle', 'high'] });
  expect(loaded.task).toBe('classification');
  expect(loaded.labels).toEqual(fitted.labels);
  expect(await loaded.predict(inputs)).toEqual(await fitted.predict(inputs));
  expect(await loaded.predictProbabilities(inputs)).toEqual(await fitted.predictProbabilities(inputs));
});

test.each([
  ['the mean', randomForestRegressor({ trees: 9 })],
  ['the median', randomForestRegressor({ trees: 9, combine: 'median', splitter: 'exact' })],
  ['one tree', decisionTreeRegressor({ maxDepth: 4 })],
] as const)('numbers: %s', async (_, model) => {
  const fitted = await model.fit({ rows: numbers, target: 'weight' }, { seed: 3 });
  const loaded = await loadForest(await fitted.save());
  expect(loaded.task).toBe('regression');
  expect(await loaded.predict(inputs)).toEqual(await fitted.predict(inputs));
});

test('plain values and tables; of sources it says what to do', async () => {
  const data = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * i));
  const y = Array.from({ length: 100 }, (_, i) => (data[3 * i] as number) > 0);
  const fitted = await randomForestClassifier({ trees: 10 }).fit({ x: { data, shape: [100, 3] }, y });
  const loaded = await loadForest(toBytes(await fitted.save()), { labels: [true, false] });
  const x = { data: data.subarray(0, 30), shape: [10, 3] };
  const expected = await fitted.predict(x);
  expect(await loaded.predict(x)).toEqual(expected);
  const nested = Array.from({ length: 10 }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)]);
  expect(await loaded.predict(nested)).toEqual(expected);
  const { arraySource, tableOf } = await import('@dendrite/model');
  await expect(loaded.predict(arraySource({ x }))).rejects.toThrow('got a source. Restore the whole model');
  const columns = [0, 1, 2].map((f) => ({
    name: `x${f}`,
    kind: 'number' as const,
    values: Float32Array.from({ length: 10 }, (_, i) => data[3 * i + f] as number),
  }));
  expect(await loaded.predict(tableOf(columns))).toEqual(expected);
});

test('files that are none of a forest, or damaged, are told', async () => {
  const fitted = await randomForestRegressor({ trees: 2 }).fit({ rows: numbers, target: 'weight' });
  const saved = await fitted.save();
  await expect(loadForest(saved, { labels: ['a'] })).rejects.toThrow(/FORMAT|labels must be those of the file/);
  const { header } = saved;
  await expect(
    loadForest({ ...saved, header: { ...header, model: { ...header.model, name: 'nn/regressor' } } }),
  ).rejects.toThrow("must hold a forest, got 'nn/regressor'");
  await expect(loadForest({ ...saved, header: { ...header, config: { combine: 'sum' } } })).rejects.toThrow(
    'combine must be mean or median, got sum',
  );
  const bytes = toBytes(saved);
  await expect(loadForest(bytes.subarray(0, bytes.length - 4))).rejects.toThrow('safetensors');
  const cut = saved.arrays['nodes.cut'];
  if (cut === undefined) throw new Error('no cuts');
  await expect(
    loadForest({
      ...saved,
      arrays: { ...saved.arrays, 'nodes.cut': { ...cut, data: new Int32Array(cut.data.length).fill(-1) } },
    }),
  ).rejects.toThrow('cuts of tree 0 must be from 0');
});
