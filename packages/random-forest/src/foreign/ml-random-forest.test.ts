import { modelConformance } from '@dendrite/conformance';
import { hostKey, normals } from '@dendrite/random';
import { fromBytes, toBytes } from '@dendrite/safetensors';
import { RandomForestClassifier, RandomForestRegression } from 'ml-random-forest';
import { describe, expect, test } from 'vitest';
import { randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';
import { fromMlRandomForest } from './from-ml-random-forest.ts';
import { nextBelow } from './import-tree.ts';
import { mlRandomForest } from './ml-random-forest-engine.ts';

const bytes = { toBytes, fromBytes };
const weights = 'ml-random-forest takes no weights, and says so';
describe('ml-random-forest as an engine, classes', () => {
  const make = () => randomForestClassifier({ trees: 6, maxFeatures: 'all', engine: mlRandomForest() });
  const expectedFailures = {
    'model: a heavier class is predicted more often': weights,
    'model: rows of weight 0 are not learned from, heavy ones are': weights,
  };
  for (const each of modelConformance(make, { bytes, expectedFailures })) test(each.name, each.run);
});
describe('ml-random-forest as an engine, numbers', () => {
  const make = () => randomForestRegressor({ trees: 6, maxFeatures: 'all', engine: mlRandomForest() });
  const expectedFailures = { 'model: rows of weight 0 are not learned from, heavy ones are': weights };
  for (const each of modelConformance(make, { bytes, expectedFailures })) test(each.name, each.run);
});

const rows = 40;
const noise = normals(hostKey(3), rows * 3);
const x = Array.from({ length: rows }, (_, i) =>
  [0, 1, 2].map((f) => Math.fround((noise[3 * i + f] as number) + (i % 3) * f)),
);
const y = x.map((_, i) => i % 3);

test('an imported classifier predicts what the library does', async () => {
  const theirs = new RandomForestClassifier({ nEstimators: 9, seed: 5, maxFeatures: 2, replacement: false });
  theirs.train(x, y);
  const ours = await fromMlRandomForest(JSON.parse(JSON.stringify(theirs)), { labels: ['a', 'b', 'c'] });
  expect(ours.size.trees).toBe(9);
  // Ties between votes may fall differently, so rows without one are compared.
  const { data } = await ours.predictProbabilities(x);
  const predicted = await ours.predict(x);
  const expected = theirs.predict(x).map((code: number) => ['a', 'b', 'c'][code]);
  const clear = predicted
    .map((_, i) => [...data.slice(3 * i, 3 * i + 3)].sort((p, q) => q - p))
    .map(([p = 0, q = 0]) => p > q);
  expect(clear.filter(Boolean).length).toBeGreaterThan(30);
  expect(predicted.filter((_, i) => clear[i])).toEqual(expected.filter((_: unknown, i: number) => clear[i]));
});

test('an imported regressor predicts the same numbers, and is saved and loaded as any', async () => {
  // Its own out-of-bag code throws when a row is in every bag.
  const theirs = new RandomForestRegression({ nEstimators: 5, seed: 2, noOOB: true });
  const targets = x.map(([a = 0, b = 0]) => a - 2 * b);
  theirs.train(x, targets);
  const ours = await fromMlRandomForest(JSON.parse(JSON.stringify(theirs)) as { name: 'RFRegression' });
  const predicted = await ours.predict(x);
  theirs.predict(x).forEach((value: number, i: number) => {
    expect(predicted[i]).toBeCloseTo(value, 12);
  });
  const again = await randomForestRegressor({ trees: 5, splitter: 'exact', missing: 'error' }).restore(
    fromBytes(toBytes(await ours.save())),
  );
  expect(await again.predict(x)).toEqual(predicted);
});

test('what it does not have is refused, and so is what is not its JSON', async () => {
  const fit = (options: object) =>
    randomForestClassifier({ trees: 2, engine: mlRandomForest(), ...options }).fit({ x, y });
  await expect(fit({ criterion: 'entropy' })).rejects.toThrow('without criterion');
  await expect(fit({ minSamplesLeaf: 2 })).rejects.toThrow('without minSamplesLeaf');
  await expect(fromMlRandomForest({ name: 'RFClassifier' })).rejects.toThrow('must be an object');
  // @ts-expect-error another model
  await expect(fromMlRandomForest({ name: 'DTClassifier', baseModel: {} })).rejects.toThrow(
    "must be 'RFClassifier' or 'RFRegression'",
  );
});

test('the next number below', () => {
  expect(nextBelow(1)).toBe(1 - Number.EPSILON / 2);
  expect(nextBelow(-1)).toBe(-1 - Number.EPSILON);
  expect(nextBelow(0)).toBe(-Number.MIN_VALUE);
  expect(nextBelow(Number.MIN_VALUE)).toBe(0);
});
