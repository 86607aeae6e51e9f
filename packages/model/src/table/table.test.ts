import type { Cell, Column } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { rowRange } from './row-range.ts';
import { selectRows, tableOf } from './table.ts';
import { type Row, tableFromRows } from './table-from-rows.ts';

describe('tableFromRows()', () => {
  test('kinds by value; gaps; categories by code unit', () => {
    const day = new Date(86_400_000);
    const table = tableFromRows([
      { n: 1.5, s: 'b', b: true, d: day },
      { n: Number.NaN, s: null, b: false, d: null },
      { s: 'Z', b: true, d: new Date(Number.NaN), late: 3 },
    ]);
    expect(table.rows).toBe(3);
    expect(table.columns).toEqual([
      { name: 'n', kind: 'number', values: new Float64Array([1.5, 0, 0]), missing: new Uint8Array([0, 1, 1]) },
      {
        name: 's',
        kind: 'category',
        values: new Int32Array([1, 0, 0]),
        missing: new Uint8Array([0, 1, 0]),
        categories: ['Z', 'b'],
      },
      { name: 'b', kind: 'boolean', values: new Uint8Array([1, 0, 1]) },
      { name: 'd', kind: 'date', values: new Float64Array([86_400_000, 0, 0]), missing: new Uint8Array([0, 1, 1]) },
      { name: 'late', kind: 'number', values: new Float64Array([0, 0, 3]), missing: new Uint8Array([1, 1, 0]) },
    ]);
  });

  test('the order of rows changes codes of no category', () => {
    const rows = [{ c: 'y' }, { c: 'x' }, { c: 'z' }];
    expect(tableFromRows([...rows].reverse()).columns[0]?.categories).toEqual(
      tableFromRows(rows).columns[0]?.categories,
    );
  });

  test('a column without values needs a kind', () => {
    expect(() => tableFromRows([{ a: null }])).toThrow("column 'a' must have a value in some row, got none");
    expect(tableFromRows([{ a: null }], { kinds: new Map([['a', 'number']]) }).columns[0]?.missing).toEqual(
      new Uint8Array([1]),
    );
  });

  test.each<[string, readonly unknown[], string]>([
    [
      'mixed kinds',
      [{ age: 3 }, { age: null }, { age: '12' }],
      "column 'age' must hold one kind of value, got number 3 in row 0 and '12' in row 2",
    ],
    ['an object in a cell', [{ a: {} }], "got an object in row 0, column 'a'. Convert it, or leave the column out."],
    ['an array in a cell', [{ a: 1 }, { a: [] }], 'got number 1 in row 0 and an array in row 1'],
    ['a row that is no object', [{ a: 1 }, 5], 'rows must be objects, got 5 in row 1'],
    ['a row that is null', [null], 'rows must be objects, got null in row 0'],
  ])('refuses %s', (_, rows, message) => {
    expect(() => tableFromRows(rows as readonly Row[])).toThrow(message);
  });

  test('rows of a class: getters are columns, methods are none', () => {
    class Box {
      readonly #depth = 3;
      readonly width: number;
      readonly describe = (): string => `${this.volume}`;
      constructor(width: number) {
        this.width = width;
      }
      get volume(): number {
        return this.width * this.#depth;
      }
      set lid(_: number) {}
      double(): Box {
        return new Box(2 * this.width);
      }
    }
    class Crate extends Box {
      get wood(): string {
        return 'oak';
      }
    }
    const plain = { width: 1, volume: 5, wood: null };
    const { columns } = tableFromRows([new Crate(2), plain, new Box(4)], { except: 'kind' });
    expect(columns.map(({ name, values, missing = [] }) => [name, [...values], [...missing]])).toEqual([
      ['width', [2, 1, 4], []],
      ['wood', [0, 0, 0], [0, 1, 1]],
      ['volume', [6, 5, 12], []],
    ]);
    expect(tableFromRows([new Crate(2)], { except: 'wood' }).columns.map(({ name }) => name)).toEqual([
      'width',
      'volume',
    ]);
  });

  test('names of Object.prototype are names like any other', () => {
    const row: Record<string, Cell> = JSON.parse('{"__proto__": 1, "constructor": 2}');
    expect(tableFromRows([row]).columns.map(({ name, values }) => [name, values[0]])).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });
});

describe('tables', () => {
  const column = (name: string, ...values: number[]): Column => ({
    name,
    kind: 'number',
    values: Float32Array.from(values),
  });

  test('rows, ranges and columns of a table', () => {
    const table = tableOf([{ ...column('a', 1, 2, 3), missing: new Uint8Array([0, 0, 1]) }, column('b', 4, 5, 6)]);
    expect(selectRows(table, new Uint32Array([2, 0])).columns[0]).toEqual({
      name: 'a',
      kind: 'number',
      values: new Float32Array([3, 1]),
      missing: new Uint8Array([1, 0]),
    });
    const range = rowRange(table, 1, 3);
    expect([range.rows, range.columns[1]?.values, range.columns[0]?.missing]).toEqual([
      2,
      new Float32Array([5, 6]),
      new Uint8Array([0, 1]),
    ]);
    expect(tableOf([]).rows).toBe(0);
  });

  test.each<[string, readonly Column[], string]>([
    ['two lengths', [column('a', 1), column('b', 1, 2)], "got 2 values in 'b' for 1 rows"],
    ['one name twice', [column('a', 1), column('a', 1)], "got 'a' twice"],
    [
      'a code without category',
      [{ name: 'c', kind: 'category', values: new Int32Array([1]), categories: ['x'] }],
      "codes of column 'c' must be from 0 to 0, got 1 in row 0",
    ],
    ['a short mask', [{ ...column('a', 1, 2), missing: new Uint8Array(1) }], "got 1 missing in 'a' for 2 rows"],
  ])('refuses %s', (_, columns, message) => {
    expect(() => tableOf(columns)).toThrow(message);
  });
});
