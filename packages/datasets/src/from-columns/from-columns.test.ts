import { expect, test } from 'vitest';
import { fromColumns } from './from-columns.ts';

test('lists become typed columns', () => {
  const table = fromColumns({
    age: [31, null, 40],
    city: ['Rome', 'Oslo', 'Rome'],
    on: [new Date(0), new Date(5), undefined],
  });
  expect(table).toEqual({
    '~dendrite': 'table',
    rows: 3,
    columns: [
      { name: 'age', kind: 'number', values: expect.any(Float64Array), missing: new Uint8Array([0, 1, 0]) },
      { name: 'city', kind: 'category', values: new Int32Array([1, 0, 1]), categories: ['Oslo', 'Rome'] },
      { name: 'on', kind: 'date', values: expect.any(Float64Array), missing: new Uint8Array([0, 0, 1]) },
    ],
  });
  expect([table.columns[0]?.values[0], table.columns[0]?.values[2]]).toEqual([31, 40]);
});

test('no column is an empty table; columns of two lengths are refused', () => {
  expect(fromColumns({}).rows).toBe(0);
  expect(() => fromColumns({ a: [1, 2], b: [1] })).toThrowError(
    "fromColumns(): columns must have one length, got 2 in 'a' and 1 in 'b'. Give null where a value is not known.",
  );
  expect(() => fromColumns({ a: [1, 'x'] })).toThrowError("column 'a' must hold one kind of value");
});
