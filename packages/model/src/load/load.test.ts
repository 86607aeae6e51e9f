import { isDendriteError } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { nearestCentroid } from '../define-model/nearest-centroid.fixture.ts';
import { toBytes } from '../index.ts';
import { builder, type FactoryTable, load } from './load.ts';

const x = [[0], [1], [10], [11]];
const y = ['a', 'a', 'b', 'b'];
const models: FactoryTable = {
  'test/nearest-centroid': (config) =>
    nearestCentroid({ batchSize: Number((config as { batchSize: number }).batchSize) }),
  'test/pair': (config, build) => ({ parts: [build('test/part', config), build('test/part', null)] }),
};

describe('load()', () => {
  test('builds the model that the file names, from its config', async () => {
    const bytes = toBytes(await (await nearestCentroid({ batchSize: 3 }).fit({ x, y })).save());
    const fitted = await load(bytes, { with: [{}, models] });
    expect(fitted.meta.name).toBe('test/nearest-centroid');
    expect(await fitted.predict([[2], [9]])).toEqual(['a', 'b']);
  });

  test('parts are built from the same tables', () => {
    const build = builder([models, { 'test/part': (config) => ({ config }) }]);
    expect(build('test/pair', 7)).toEqual({ parts: [{ config: 7 }, { config: null }] });
  });

  test('a name that no table has, also one of Object.prototype', () => {
    for (const name of ['nn/dense', 'constructor', '__proto__', 'toString']) {
      expect(() => builder([models])(name, null)).toThrow(
        `load(): every part of the file must be in a table given as \`with\`, got '${name}', which none has (test/nearest-centroid, test/pair).`,
      );
    }
    expect(() => builder([])('a', null)).toThrow('the tables are empty');
  });

  test('refuses what is no model file', async () => {
    const error = await load(new Uint8Array([1, 2, 3]), { with: [models] }).catch((caught: unknown) => caught);
    expect(isDendriteError(error, 'FORMAT')).toBe(true);
    const bytes = toBytes(await (await nearestCentroid().fit({ x, y })).save());
    await expect(load(bytes, { with: [{ 'test/nearest-centroid': () => ({}) }] })).rejects.toThrow(
      "'test/nearest-centroid' must be a model, got something else",
    );
  });
});
