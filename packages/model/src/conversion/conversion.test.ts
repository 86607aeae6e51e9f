/** Data of every form become tables and arrays, or say what is wrong with them. Long: one list of forms and of wrong data. */
import type { Data, DataSource } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { arraySource } from '../array-source/array-source.ts';
import { forBatches } from '../preprocessing/for-batches.ts';
import { fitTablePreprocessing, type Preprocessing } from '../preprocessing/preprocessing.ts';
import { tableFromRows } from '../table/table-from-rows.ts';
import { encodeColumns } from './encode-columns.ts';
import { encodeSource } from './encode-source.ts';
import { takeFeatures } from './features.ts';
import { forms } from './forms.ts';
import { toSource } from './to-source.ts';
import { toTable } from './to-table.ts';

const first = async (source: DataSource): Promise<{ x: number[][]; y: number[]; weight: number[] }> => {
  for await (const { rows, x, y, sampleWeight } of source.batches({ size: 1000, epoch: 0 })) {
    const width = x.data.length / rows;
    return {
      x: Array.from({ length: rows }, (_, i) => [...x.data.subarray(i * width, (i + 1) * width)]),
      y: [...(y ?? [])],
      weight: [...(sampleWeight ?? [])],
    };
  }
  return { x: [], y: [], weight: [] };
};
const rows = [
  { size: 1, colour: 'red', wild: true, born: new Date(0), pet: 'cat' },
  { size: 3, colour: 'blue', wild: false, born: new Date(1000), pet: 'dog' },
];

describe('toSource()', () => {
  test('rows: numbers, one-hot text, booleans, dates; labels sorted', async () => {
    const source = await toSource({ rows, target: 'pet', sampleWeight: [1, 3] }, { task: 'classification' });
    expect(source.names).toEqual(['size', 'colour=blue', 'colour=red', 'wild', 'born']);
    expect(source.labels).toEqual(['cat', 'dog']);
    expect(await first(source)).toEqual({
      x: [
        [1, 0, 1, 1, 0],
        [3, 1, 0, 0, 1000],
      ],
      y: [0, 1],
      weight: [1, 3],
    });
  });

  test('standardised: mean 0, deviation 1; a constant column stays 0', async () => {
    const source = await toSource(
      {
        rows: [
          { a: 1, c: 0.1, y: 0 },
          { a: 3, c: 0.1, y: 1 },
          { a: 5, c: 0.1, y: 2 },
        ],
        target: 'y',
      },
      { task: 'regression', standardise: true },
    );
    const { x, y } = await first(source);
    // Mean 3, deviation √(8/3).
    expect(x[0]?.[0]).toBeCloseTo(-2 / Math.sqrt(8 / 3), 6);
    for (const [, constant] of x) expect(constant).toBeCloseTo(0, 12);
    expect([y, source.labels]).toEqual([[0, 1, 2], undefined]);
  });

  test('arrays: nested, with a shape, raw bytes stay bytes', async () => {
    const nested = await toSource({ x: [[[1, 2]], [[3, 4]]], y: [true, false] }, { task: 'classification' });
    expect([nested.feature, nested.labels]).toEqual([{ shape: [1, 2], dtype: 'float32' }, [false, true]]);
    expect(await first(nested)).toEqual({
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [1, 0],
      weight: [],
    });
    const bytes = await toSource(
      { x: { data: new Uint8Array([9, 255]), shape: [2, 1, 1, 1] }, y: new Uint8Array([4, 2]) },
      { task: 'classification' },
    );
    expect([bytes.feature, bytes.labels]).toEqual([{ shape: [1, 1, 1], dtype: 'uint8' }, [2, 4]]);
    expect(await first(bytes)).toEqual({ x: [[9], [255]], y: [1, 0], weight: [] });
  });

  test('a table, and a source, which stays itself', async () => {
    const table = await toSource({ table: tableFromRows(rows), target: 'wild' }, { task: 'classification' });
    expect([table.labels, table.targets()]).toEqual([[false, true], new Int32Array([1, 0])]);
    const source = arraySource({
      x: { data: new Float32Array(2), shape: [2, 1] },
      targets: [0, 1],
      labels: ['a', 'b'],
    });
    expect(await toSource(source, { task: 'classification' })).toBe(source);
  });

  test.each<[string, unknown, string]>([
    ['ragged rows', { x: [[1, 2], [3]], y: [0, 1] }, 'rows must be of one length, got 1 at x[1] where the first has 2'],
    ['a number among lists', { x: [[1, 2], 3], y: [0, 1] }, 'x must hold lists of 2 at this depth, got 3 at x[1]'],
    ['text among numbers', { x: [[1, 'a']], y: [0] }, "x must hold numbers, got 'a' in row 0, at x[0][1]"],
    [
      'NaN',
      {
        x: [
          [1, 2],
          [3, Number.NaN],
        ],
        y: [0, 1],
      },
      'x must be finite numbers, got NaN in row 1, column 1',
    ],
    ['beyond float32, nested', { x: [[1], [1e300]], y: [0, 1] }, 'x must fit float32, got 1e+300 at x[1][0]. Scale'],
    [
      'beyond float32, flat',
      { x: { data: new Float64Array([1, -1e300]), shape: [2, 1] }, y: [0, 1] },
      'x must fit float32, got -1e+300 in row 1, column 0. Scale',
    ],
    ['another count of targets', { x: [[1], [2]], y: [0] }, 'x and y must have as many rows, got 2 in x and 1 in y'],
    [
      'a missing value',
      {
        rows: [
          { a: 1, y: 0 },
          { a: null, y: 1 },
        ],
        target: 'y',
      },
      "this model needs every value, got none in row 1, column 'a'",
    ],
    [
      'infinity in a table',
      { rows: [{ a: Number.POSITIVE_INFINITY, y: 0 }], target: 'y' },
      "values must be finite, got Infinity in row 0, column 'a'",
    ],
    [
      'a target that is no column',
      { rows: [{ a: 1, kind: 0 }], target: 'knid' },
      "the target must be one of the columns ('a', 'kind'), got 'knid'",
    ],
    [
      'a missing target',
      {
        rows: [
          { a: 1, y: 0 },
          { a: 1, y: null },
        ],
        target: 'y',
      },
      "the target 'y' must be a string, number or boolean, got null in row 1. Leave the row out.",
    ],
    [
      'a date to learn',
      { rows: [{ a: 1, y: new Date(0) }], target: 'y' },
      "the target 'y' must be a string, number or boolean, got [object Date] in row 0. Convert it: of a date, Number(date)",
    ],
    ['an object to learn', { rows: [{ a: 1, y: {} }], target: 'y' }, 'got [object Object] in row 0. Convert it'],
    [
      'a flat array',
      { x: new Float32Array(4), y: [0] },
      'a flat array must come with its shape, got Float32Array. Write { data, shape: [rows, …] }',
    ],
    [
      'a shape that does not fit',
      { x: { data: new Float32Array(4), shape: [3, 2] }, y: [0] },
      'the shape must hold all 4 numbers, got [3, 2]',
    ],
    [
      'no data form',
      { features: [] },
      'data must be { x, y }, { rows, target }, { table, target } or a source, got an object with features',
    ],
    ['nothing', undefined, 'got undefined'],
    [
      'a name-like column',
      { rows: Array.from({ length: 1001 }, (_, i) => ({ name: `n${i}`, y: i })), target: 'y' },
      "must have at most 1000 different values, got 1001 in 'name'",
    ],
    [
      'weights of another length',
      { x: [[1]], y: [0], sampleWeight: [1, 2] },
      'sampleWeight must have one weight a row, got 2 for 1 rows',
    ],
  ])('refuses %s', async (_, data, message) => {
    await expect(toSource(data as Data, { task: 'regression' })).rejects.toThrow(message);
  });
});

describe('toTable()', () => {
  test('features of every form', async () => {
    expect((await toTable({ rows, target: 'pet' })).columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['size', 'number'],
      ['colour', 'category'],
      ['wild', 'boolean'],
      ['born', 'date'],
    ]);
    expect(
      (await toTable({ table: tableFromRows(rows), target: 'size' })).columns.map(({ name }) => name),
    ).not.toContain('size');
    const arrays = await toTable({
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [0, 1],
    });
    expect(arrays.columns).toEqual([
      { name: 'x0', kind: 'number', values: new Float32Array([1, 3]) },
      { name: 'x1', kind: 'number', values: new Float32Array([2, 4]) },
    ]);
  });

  test('a source without columns is read batch by batch', async () => {
    const source = arraySource({ x: { data: new Uint8Array([1, 2, 3, 4]), shape: [2, 2] } });
    const { columns: _, ...bare } = source;
    expect((await toTable(bare)).columns.map(({ name, values }) => [name, ...values])).toEqual([
      ['x0', 1, 3],
      ['x1', 2, 4],
    ]);
    await expect(toTable({ ...bare, rows: 1 })).rejects.toThrow('got more than 1');
  });
});

describe('encoding what is predicted for', () => {
  const table = tableFromRows([
    { a: 1, c: 'x' },
    { a: 3, c: 'y' },
  ]);
  const plan = forBatches(fitTablePreprocessing(table, 'label'), table, { standardise: true, where: 'fit()' });
  const encode = async (given: Parameters<typeof takeFeatures>[0], by: Preprocessing = plan): Promise<number[][]> =>
    (await first(await encodeSource(await takeFeatures(given, 'predict()', undefined, forms), by, 'predict()'))).x;

  test('columns are found by name; the target among them is ignored', async () => {
    expect(await encode([{ label: 'b', c: 'y', a: 3 }])).toEqual([[1, 0, 1]]);
    expect(await encode(tableFromRows([{ c: 'x', a: 1 }]))).toEqual([[-1, 1, 0]]);
  });

  test.each<[string, Parameters<typeof takeFeatures>[0], string]>([
    ['a missing column', [{ a: 1 }], "the data must have a column 'c', as in training, got 'a'"],
    ['a renamed column', [{ A: 1, c: 'x' }], "column 'a', as in training, got 'A', 'c'. Rename 'A'."],
    [
      'an extra column',
      [{ a: 1, c: 'x', z: 1 }],
      "every column must be one of training's ('a', 'c'), got 'z'. Leave it out.",
    ],
    [
      'another type',
      [{ a: '1', c: 'x' }],
      "column 'a' must hold numbers, as in training, got text such as '1'. Convert it.",
    ],
    [
      'an unseen category',
      [
        { a: 1, c: 'x' },
        { a: 1, c: 'w' },
      ],
      "column 'c' must hold values seen in training ('x', 'y'), got 'w' in row 1",
    ],
    [
      'plain numbers',
      [[1, 2]],
      "this model was trained on named columns ('a', 'c') and must get objects with these keys, or a table, got rows of plain numbers",
    ],
  ])('refuses %s', async (_, given, message) => {
    await expect(encode(given)).rejects.toThrow(message);
  });

  const images = { kind: 'values', shape: [2, 2, 1], dtype: 'uint8' } as const;
  test('arrays keep shape and type of training', async () => {
    expect(await encode({ data: new Float32Array([0, 1, 2, 255]), shape: [1, 2, 2, 1] }, images)).toEqual([
      [0, 1, 2, 255],
    ]);
    expect(
      await encode(
        [
          [
            [[1], [2]],
            [[3], [4]],
          ],
        ],
        images,
      ),
    ).toEqual([[1, 2, 3, 4]]);
    expect(await encode({ data: new Uint8Array(0), shape: [0, 7] }, images)).toEqual([]);
  });
  test.each<[string, Parameters<typeof takeFeatures>[0], string]>([
    [
      'three channels for one',
      { data: new Uint8Array(12), shape: [1, 2, 2, 3] },
      'inputs must have the shape of training, [rows, 2, 2, 1], got [rows, 2, 2, 3]',
    ],
    [
      'one example without its row axis',
      { data: new Uint8Array(4), shape: [2, 2, 1] },
      'For one example put a 1 in front of its shape.',
    ],
    [
      'scaled bytes',
      { data: new Float32Array([0, 0.5, 1, 1]), shape: [1, 2, 2, 1] },
      'this model was trained on uint8 and must get whole numbers from 0 to 255, got 0.5 at element 1. Give the raw bytes, not values scaled to 1.',
    ],
    [
      'a table for images',
      [{ a: 1 }],
      'this model was trained on arrays of shape [rows, 2, 2, 1] and must get such, got a table',
    ],
    [
      'a source of another type',
      arraySource({ x: { data: new Float32Array(4), shape: [1, 2, 2, 1] } }),
      'a source must hold uint8, as in training, got float32',
    ],
    ['a source of another shape', arraySource({ x: { data: new Uint8Array(4), shape: [1, 4] } }), 'got [rows, 4]'],
    ['one flat list', [1, 2, 3, 4], 'inputs must be rows of numbers, got a flat list of 4. Wrap one example as [[…]].'],
  ])('refuses %s', async (_, given, message) => {
    await expect(encode(given, images)).rejects.toThrow(message);
  });

  const named = { kind: 'values', shape: [2], dtype: 'float32', names: ['u', 'v'] } as const;
  test('a source with names teaches a model that takes rows by name, arrays by place, and sources in any order', async () => {
    expect(await encode([{ v: 2, u: 1 }], named)).toEqual([[1, 2]]);
    expect(await encode([[1, 2]], named)).toEqual([[1, 2]]);
    expect(
      await encode(arraySource({ x: { data: new Float32Array([2, 1]), shape: [1, 2] }, names: ['v', 'u'] }), named),
    ).toEqual([[1, 2]]);
  });

  test('for columns: aligned, gaps kept where the model bears them', async () => {
    const features = await takeFeatures([{ c: 'y', a: null }], 'predict()', new Map([['a', 'number']]), forms);
    const table = await encodeColumns(features, plan, 'mask', 'predict()', forms);
    expect(table.columns.map(({ name, values, missing }) => [name, values[0], missing?.[0]])).toEqual([
      ['a', 0, 1],
      ['c', 1, undefined],
    ]);
    await expect(encodeColumns(features, plan, 'error', 'predict()', forms)).rejects.toThrow(
      "got none in row 0, column 'a'",
    );
  });

  test('for columns: a source of pictures is a column a pixel, by place, its bytes left bytes', async () => {
    const pictures = (shape: number[]) =>
      takeFeatures(
        arraySource({ x: { data: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), shape } }),
        'fit()',
        undefined,
        forms,
      );
    const { columns } = await encodeColumns(await pictures([2, 2, 2, 1]), images, 'error', 'fit()', forms);
    expect(columns.map(({ values }) => values)).toEqual(
      [
        [1, 5],
        [2, 6],
        [3, 7],
        [4, 8],
      ].map((c) => new Uint8Array(c)),
    );
    await expect(encodeColumns(await pictures([2, 4]), images, 'error', 'fit()', forms)).rejects.toThrow(
      'got [rows, 4]',
    );
  });
});
