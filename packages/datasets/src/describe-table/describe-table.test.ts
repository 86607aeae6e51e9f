import { expect, test } from 'vitest';
import { fromColumns } from '../from-columns/from-columns.ts';
import { describeTable } from './describe-table.ts';

test('frequent categories come first, and only ten are shown', () => {
  const letters = [...'abcdefghijklmm'];
  expect(describeTable(fromColumns({ letter: letters }))).toEqual([
    {
      name: 'letter',
      kind: 'category',
      missing: 0,
      distinct: 13,
      values: 'm (2), a (1), b (1), c (1), d (1), e (1), f (1), g (1), h (1), i (1), and 3 more',
    },
  ]);
});

test('long columns and columns without a known value', () => {
  const long = Array.from({ length: 200_000 }, (_, i) => (i === 7 ? -1 : i));
  expect(describeTable(fromColumns({ long }))).toEqual([
    { name: 'long', kind: 'number', missing: 0, min: -1, max: 199_999 },
  ]);
  const values = new Float64Array([Number.NaN]);
  const table = { '~dendrite': 'table' as const, rows: 1, columns: [{ name: 'a', kind: 'number' as const, values }] };
  expect(describeTable(table)).toEqual([{ name: 'a', kind: 'number', missing: 0 }]);
});

test('a code without a category is refused', () => {
  const column = { name: 'c', kind: 'category' as const, values: new Int32Array([2]), categories: ['x'] };
  expect(() => describeTable({ '~dendrite': 'table', rows: 1, columns: [column] })).toThrowError(
    "codes of column 'c' must index its 1 categories, got 2",
  );
});
