import { isDendriteError, type Table } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { describeTable } from '../describe-table/describe-table.ts';
import { type CsvOptions, readCsv } from './read-csv.ts';

const column = (table: Table, name: string): Table['columns'][number] | undefined =>
  table.columns.find((each) => each.name === name);
function failure(text: string | Uint8Array, options?: CsvOptions): string {
  try {
    readCsv(text, options);
  } catch (error) {
    return isDendriteError(error) ? `${error.code} ${error.message}` : String(error);
  }
  return 'it was read';
}

test('kinds are inferred from all cells of a column and can be shown', () => {
  const table = readCsv(
    'length,kind,alive,seen\n5.1,b,true,2024-01-31\n-1e-3,a,FALSE,2024-02-29T12:00:00Z\n.5,b,True,1969-12-31\n',
  );
  expect(table.rows).toBe(3);
  expect(column(table, 'length')).toEqual({
    name: 'length',
    kind: 'number',
    values: new Float64Array([5.1, -1e-3, 0.5]),
  });
  expect(column(table, 'kind')).toEqual({
    name: 'kind',
    kind: 'category',
    values: new Int32Array([1, 0, 1]),
    categories: ['a', 'b'],
  });
  expect(column(table, 'alive')).toEqual({ name: 'alive', kind: 'boolean', values: new Uint8Array([1, 0, 1]) });
  const days = [Date.UTC(2024, 0, 31), Date.UTC(2024, 1, 29, 12), Date.UTC(1969, 11, 31)];
  expect(column(table, 'seen')).toEqual({ name: 'seen', kind: 'date', values: new Float64Array(days) });
  expect(describeTable(table)).toEqual([
    { name: 'length', kind: 'number', missing: 0, min: -1e-3, max: 5.1 },
    { name: 'kind', kind: 'category', missing: 0, distinct: 2, values: 'b (2), a (1)' },
    { name: 'alive', kind: 'boolean', missing: 0, distinct: 2, values: 'true (2), false (1)' },
    { name: 'seen', kind: 'date', missing: 0, min: '1969-12-31T00:00:00.000Z', max: '2024-02-29T12:00:00.000Z' },
  ]);
});

test('one cell that does not fit makes a column a category', () => {
  for (const odd of ['12 cm', '0x10', '1_000', '1,5', 'Infinity', '2024-02-30', '1e', '--1']) {
    expect([odd, readCsv(`a;b\n1;x\n${odd};y`).columns[0]?.kind]).toEqual([odd, 'category']);
  }
});

test('codes that look like numbers stay texts unless numbers are asked for', () => {
  const text = 'zip,id\n01234,9007199254740993\n99999,1';
  expect(readCsv(text).columns.map((each) => each.categories)).toEqual([
    ['01234', '99999'],
    ['1', '9007199254740993'],
  ]);
  expect(readCsv(text, { kinds: { zip: 'number' } }).columns[0]?.values).toEqual(new Float64Array([1234, 99999]));
  expect(readCsv('a\n1\n2', { kinds: { a: 'category' } }).columns[0]?.categories).toEqual(['1', '2']);
});

test('missing cells are masked; what means missing can be said', () => {
  const table = readCsv('a,b,c,d\n1,x,true,\nNA,,?,\n 3 , y ,false,');
  expect(table.columns.map((each) => [each.kind, [...(each.missing ?? [])]])).toEqual([
    ['number', [0, 1, 0]],
    ['category', [0, 1, 0]],
    ['boolean', [0, 1, 0]],
    ['number', [1, 1, 1]],
  ]);
  expect([...(table.columns[0]?.values ?? [])]).toEqual([1, Number.NaN, 3]);
  expect(describeTable(table)[3]).toEqual({ name: 'd', kind: 'number', missing: 3 });
  const own = readCsv('a\n1\n-999\n3', { missing: ['-999'] });
  expect(own.columns[0]).toEqual({
    name: 'a',
    kind: 'number',
    values: new Float64Array([1, Number.NaN, 3]),
    missing: new Uint8Array([0, 1, 0]),
  });
});

test('delimiters, decimals, quotes, line ends, marks and blank lines', () => {
  expect(readCsv('a;b\n1,5;2').columns.map((each) => each.name)).toEqual(['a', 'b']);
  expect(readCsv('a;b\n1,5;2\n', { decimal: ',' }).columns[0]?.values).toEqual(new Float64Array([1.5]));
  expect(readCsv('\uFEFFa\tb\r\n1\t2\n\r\n3\t4\r').columns.map((each) => [...each.values])).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(readCsv('"a,1",b\n"say ""hi""\nthere",2\n').columns).toMatchObject([
    { name: 'a,1', categories: ['say "hi"\nthere'] },
    { name: 'b', kind: 'number' },
  ]);
  expect(readCsv('# made by hand\na\n1\n# no\n2', { comment: '#' }).columns[0]?.values).toEqual(
    new Float64Array([1, 2]),
  );
  expect(readCsv(new TextEncoder().encode('größe\n1')).columns[0]?.name).toBe('größe');
});

test('names can be given or made', () => {
  expect(readCsv('1,2', { header: ['x', 'y'] }).columns.map((each) => each.name)).toEqual(['x', 'y']);
  expect(readCsv('1,2', { header: false }).columns.map((each) => each.name)).toEqual(['column 1', 'column 2']);
  expect(readCsv(',x\n1,2').columns.map((each) => each.name)).toEqual(['column 1', 'x']); // row numbers of a spreadsheet
});

test('names of Object.prototype are names like others', () => {
  const table = readCsv('__proto__,constructor,toString\n1,a,true', {
    kinds: JSON.parse('{ "__proto__": "category" }'),
  });
  expect(table.columns.map((each) => [each.name, each.kind])).toEqual([
    ['__proto__', 'category'],
    ['constructor', 'category'],
    ['toString', 'boolean'],
  ]);
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
});

test('ragged lines are named by their line, blank lines, comments and quoted line ends counted', () => {
  expect(failure('a,b\n\n"x\ny",1\n# c\n1,2,3', { comment: '#' })).toBe(
    'FORMAT readCsv(): every line must have as many cells as there are columns (2), got 3 in line 6. Quote cells that contain the delimiter, or mend the line.',
  );
  expect(failure('a,b\n1')).toContain('got 1 in line 2');
  expect(failure('1,2', { header: ['x'] })).toContain('(1), got 2 in line 1');
});

test('hostile or damaged text is refused with its place', () => {
  expect(failure('a,b,a\n1,2,3')).toBe(
    "FORMAT readCsv(): columns must have names of their own, got 'a' for columns 1 and 3 in line 1. Rename one, or give options.header.",
  );
  expect(failure('a,b\n1,2\n"open,3\n4,5')).toContain('got a stray one in line 3');
  expect(failure('a,b\n1,"x" y\n2,3')).toContain('got a stray one in line 2');
  expect(failure(`a,b\n1,${'x'.repeat(100_001)}`)).toContain('at most 100000 characters, got 100001 in line 2, cell 2');
  expect(failure(new Uint8Array([0x61, 0x0a, 0xff, 0xfe]))).toMatch(/^FORMAT readCsv\(\): bytes must be UTF-8/);
  expect(failure('')).toMatch(/^DATA readCsv\(\): the text must hold at least one row/);
  expect(failure('a,b\n')).toMatch(/^DATA/);
  expect(failure('a\n1', { kinds: { b: 'number' } })).toBe(
    "OPTION readCsv(): options.kinds must name columns, got 'b'. The columns are 'a'.",
  );
  expect(failure('a\n1\nx', { kinds: { a: 'number' } })).toContain("got 'x' in line 3");
});

test('a cell of many digits that is no number takes no longer than its length', () => {
  const { columns } = readCsv(`a\n${'1'.repeat(200_000)}x`, { maxCell: 1e6 });
  expect(columns[0]?.kind).toBe('category');
});
