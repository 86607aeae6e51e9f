import { modelConformance } from '@dendrite/conformance';
import { hostKey, normals } from '@dendrite/random';
import { fromBytes, toBytes } from '@dendrite/safetensors';
import { RandomForestClassifier, RandomForestRegression } from 'ml-random-forest';
import { describe, expect, test } from 'vitest';
import { randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';
import { fromMlRandomForest } from './from-ml-random-forest.ts';
import { nextBelow } from './import-tree.ts';
import { mlRandomForest } from './ml-random-forest-engine.ts';
import { treeImportance } from './tree-importance.ts';

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

test('an imported regressor answers by the median where the library does', async () => {
  const theirs = new RandomForestRegression({ nEstimators: 7, seed: 3, noOOB: true, selectionMethod: 'median' });
  theirs.train(
    x,
    x.map(([a = 0, b = 0]) => a * a - 2 * b),
  );
  const json = JSON.parse(JSON.stringify(theirs)) as { name: 'RFRegression' };
  const medians = await (await fromMlRandomForest(json)).predict(x);
  theirs.predict(x).forEach((value: number, i: number) => {
    expect(medians[i]).toBeCloseTo(value, 12);
  });
  expect(await (await fromMlRandomForest(json, { combine: 'mean' })).predict(x)).not.toEqual(medians);
  // @ts-expect-error: numbers have no mode,
  await expect(fromMlRandomForest(json, { combine: 'mode' })).rejects.toThrow("combine must be 'mean' or 'median'");
  // @ts-expect-error: nor labels.
  await expect(fromMlRandomForest(json, { labels: ['a'] })).rejects.toThrow("one of features, combine, got 'labels'");
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

const library = new RandomForestClassifier({ nEstimators: 3, seed: 5, replacement: true, noOOB: true });
library.train(x, y);
const json = JSON.parse(JSON.stringify(library)) as { name: 'RFClassifier' };
test.each([
  [{ labels: ['a', 'b'] }, 'labels must be 3 different ones, for the trees tell so many classes, got ["a","b"]'],
  [{ labels: ['a', 'b', 'a'] }, 'labels must be 3 different ones'],
  [{ labels: ['a', 'b', 'c', 'd'] }, 'labels must be 3 different ones'],
  [{ features: 2 }, 'features must be a whole number of at least 3'],
])('labels and features are those of the trees: %j', async (options, said) => {
  await expect(fromMlRandomForest(json, options)).rejects.toThrow(said);
});
test('damaged JSON is told by what is damaged', async () => {
  const damaged = (baseModel: object) => fromMlRandomForest({ ...json, baseModel } as typeof json);
  await expect(damaged({})).rejects.toThrow("its baseModel must have 'estimators', which are trees");
  await expect(damaged({ estimators: [{}], indexes: [['x']] })).rejects.toThrow('"indexes":"no such lists"');
  await expect(damaged({ estimators: [null], indexes: [[0]] })).rejects.toThrow('a tree must be an object');
});

test('importance is worked out from the trees and the rows, by impurity and by shuffling', async () => {
  const y = x.map(([, b = 0]) => b > 1);
  const options = { trees: 12, maxFeatures: 'all', engine: mlRandomForest() } as const;
  const classes = await randomForestClassifier(options).fit({ x, y }, { seed: 1 });
  const numbers = await randomForestRegressor(options).fit({ x, y: x.map(([, b = 0]) => 10 * b) }, { seed: 1 });
  for (const forest of [classes, numbers]) {
    const impurity = (await forest.importance()).map(({ value }) => value);
    expect(impurity.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    const shuffled = (await forest.importance('permutation')).map(({ value }) => value);
    for (const [a = 0, b = 0, c = 0] of [impurity, shuffled]) expect(b).toBeGreaterThan(2 * Math.max(a, c));
  }
  await expect((await fromMlRandomForest(json)).importance()).rejects.toThrow('which does not say it');
});

test('a tree takes off the impurity what it takes off by hand', () => {
  // One split of four rows, one of them drawn twice: 3 of 5 are class 1, and the sides are pure.
  const tree = {
    feature: Int32Array.of(1, -1, -2),
    cut: new Int32Array(3),
    right: Int32Array.of(2, 0, 0),
    values: new Float32Array(0),
    sets: new Int32Array(0),
    thresholds: Float64Array.of(0.5, 0, 0),
  };
  const rows = { values: Float64Array.of(9, 0, 9, 0, 9, 1, 9, 1), features: 2, drawn: Uint16Array.of(1, 1, 2, 1) };
  const [, gini] = treeImportance(tree, { ...rows, targets: [0, 0, 1, 1], classes: 2 });
  expect(gini).toBeCloseTo(1 - (2 / 5) ** 2 - (3 / 5) ** 2, 14);
  const [, variance] = treeImportance(tree, { ...rows, targets: [7, 7, 17, 17], classes: 0 });
  expect(variance).toBeCloseTo(100 * (2 / 5) * (3 / 5), 12);
});

test('the next number below', () => {
  expect(nextBelow(1)).toBe(1 - Number.EPSILON / 2);
  expect(nextBelow(-1)).toBe(-1 - Number.EPSILON);
  expect(nextBelow(0)).toBe(-Number.MIN_VALUE);
  expect(nextBelow(Number.MIN_VALUE)).toBe(0);
});
