import { expect, test } from 'vitest';
import { readCsv } from '../csv/read-csv.ts';
import { fromColumns } from '../from-columns/from-columns.ts';
import { splitTable } from './split-table.ts';

const cells = Array.from({ length: 20 }, (_, i) => i);
const table = fromColumns({
  size: cells,
  kind: cells.map((i) => (i < 15 ? 'a' : 'b')),
  known: cells.map((i) => (i ? i : null)),
});

test('rows stay whole and each class has its share', () => {
  const { train, test: held } = splitTable(table, { target: 'kind' });
  expect([train.target, train.table.rows, held.table.rows]).toEqual(['kind', 16, 4]);
  const [size, kind, known] = held.table.columns;
  expect([...(kind?.values ?? [])].sort()).toEqual([0, 0, 0, 1]);
  for (let row = 0; row < held.table.rows; row++) {
    const original = size?.values[row] ?? Number.NaN;
    expect(kind?.values[row]).toBe(original < 15 ? 0 : 1);
    expect(known?.missing?.[row]).toBe(original === 0 ? 1 : 0);
  }
  const all = [...(train.table.columns[0]?.values ?? []), ...(size?.values ?? [])].sort((a, b) => a - b);
  expect(all).toEqual(cells);
});

test('the seed decides', () => {
  const held = (seed: number): number[] => [
    ...(splitTable(table, { target: 'size', seed }).test.table.columns[0]?.values ?? []),
  ];
  expect(held(1)).toEqual(held(1));
  expect(held(1)).not.toEqual(held(2));
});

test('wrong targets and fractions teach', () => {
  expect(() => splitTable(table, { target: 'sort' })).toThrowError(
    "splitTable(): target must name a column, got 'sort'. The columns are 'size', 'kind', 'known'.",
  );
  expect(() => splitTable(table, { target: 'known' })).toThrowError('got none in row 0');
  expect(() => splitTable(table, { target: 'kind', fraction: 1 })).toThrowError('above 0 and below 1, got 1');
  expect(() => splitTable(readCsv('a,b\n1,x'), { target: 'b' })).toThrowError('splitTable()');
});
