import type { Json } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { tableFromRows } from '../table/table-from-rows.ts';
import { forBatches } from './for-batches.ts';
import { fitTablePreprocessing } from './preprocessing.ts';
import { preprocessingJson } from './preprocessing-json.ts';
import { readPreprocessing } from './read-preprocessing.ts';

const table = tableFromRows([
  { n: 2, c: 'b', f: true, d: new Date(10) },
  { n: 4, c: 'a', f: false, d: null },
  { n: null, c: 'a', f: false, d: new Date(30) },
]);

describe('preprocessing', () => {
  test('means and deviations of the known values alone', () => {
    const { columns } = forBatches(fitTablePreprocessing(table), table, { standardise: true, where: 'fit()' });
    expect(columns).toEqual([
      { name: 'n', kind: 'number', mean: 3, deviation: 1 },
      { name: 'c', kind: 'category', categories: ['a', 'b'] },
      { name: 'f', kind: 'boolean' },
      { name: 'd', kind: 'date', mean: 20, deviation: 10 },
    ]);
  });

  test('survives JSON unchanged', () => {
    for (const standardise of [true, false]) {
      const plan = forBatches(fitTablePreprocessing(table, 'y'), table, { standardise, where: 'fit()' });
      expect(readPreprocessing(JSON.parse(JSON.stringify(preprocessingJson(plan))), 'load()')).toEqual(plan);
    }
    const values = { kind: 'values', shape: [28, 28, 1], dtype: 'uint8' } as const;
    expect(readPreprocessing(preprocessingJson(values), 'load()')).toEqual(values);
    const named = { kind: 'values', shape: [1], dtype: 'float32', names: ['u'] } as const;
    expect(readPreprocessing(preprocessingJson(named), 'load()')).toEqual(named);
  });

  test.each<[Json, string]>([
    [null, 'preprocessing must be an object'],
    [[1], 'preprocessing must be an object'],
    [{ kind: 'other' }, "preprocessing.kind must be 'values' or 'table'"],
    [{ kind: 'values', shape: [-1], dtype: 'uint8' }, 'preprocessing.shape must be a list of sizes'],
    [{ kind: 'values', shape: 'x', dtype: 'uint8' }, 'preprocessing.shape must'],
    [{ kind: 'values', shape: [1], dtype: 'int4' }, 'preprocessing.dtype must'],
    [{ kind: 'values', shape: [1], dtype: 'uint8', names: [1] }, 'preprocessing.names must be a list of texts'],
    [{ kind: 'table', columns: {} }, 'preprocessing.columns must be a list'],
    [{ kind: 'table', columns: [5] }, 'preprocessing.columns[0] must be an object'],
    [{ kind: 'table', columns: [], target: 5 }, 'preprocessing.target must'],
    [{ kind: 'table', columns: [{ name: 'a', kind: 'thing' }] }, 'preprocessing.columns[0].kind must'],
    [{ kind: 'table', columns: [{ name: 'a', kind: 'category' }] }, 'preprocessing.columns[0].categories must'],
    [
      { kind: 'table', columns: [{ name: 'a', kind: 'number', mean: 1 }] },
      'preprocessing.columns[0].deviation must be a positive number',
    ],
    [
      { kind: 'table', columns: [{ name: 'a', kind: 'number', mean: 1, deviation: 0 }] },
      'deviation must be a positive number',
    ],
  ])('refuses %j', (json, message) => {
    expect(() => readPreprocessing(json, 'load()')).toThrow(message);
  });
});
