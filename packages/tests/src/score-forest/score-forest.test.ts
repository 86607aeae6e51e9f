import { gzipSync } from 'node:zlib';
import { readCsv } from '@dendrite/datasets/csv';
import { expect, test } from 'vitest';
import { contentAt, contentOf } from './content.ts';
import { readNumbers } from './read-numbers.ts';
import { scoreForest, taskOf } from './score-forest.ts';

const lines = Array.from(
  { length: 100 },
  (_, i) => `${i % 10},${i % 7 === 0 ? '' : (i * 37) % 100},${i % 10 > 4 ? 'high' : 'low'},${(i % 10) * 1.5}`,
);
const table = readCsv(['a,b,class,amount', ...lines].join('\n'));

test('classes by five folds, numbers by the rows after the first', async () => {
  const classes = await scoreForest({ ...table, columns: table.columns.slice(0, 3) }, { target: 'class', trees: 10 });
  expect(classes).toMatchObject({ task: 'classification', score: 1 });
  const numbers = await scoreForest(table, { target: 'amount', train: 80, trees: 10, seed: 3 });
  expect(numbers.task).toBe('regression');
  expect(numbers.score).toBeGreaterThan(0.9);
  expect(numbers.nodes).toBeGreaterThan(20);
});

test('a wrong target or number of rows is told', async () => {
  await expect(scoreForest(table, { target: 'c' })).rejects.toThrow("one of 'a', 'b', 'class', 'amount', got 'c'");
  await expect(scoreForest(table, { target: 'class', train: 100 })).rejects.toThrow('from 1 to 99, got 100');
});

test('rows without a target are left out; other cells are told by the row of the file', async () => {
  const gaps = readCsv(['a,b,y', ...lines.map((_, i) => `${i},${i % 9},${i % 10 === 3 ? '' : i * 1.5}`)].join('\n'));
  for (const train of [undefined, 80]) {
    const score = await scoreForest(gaps, { target: 'y', trees: 10, ...(train && { train }) });
    expect(score).toMatchObject({ task: 'regression', leftOut: 10 });
    expect(score.score).toBeLessThan(1);
  }
  const endless = readCsv(['a,y', ...lines.map((_, i) => `${i === 93 ? '1e999' : i},${i * 1.5}`)].join('\n'));
  await expect(scoreForest(endless, { target: 'y' })).rejects.toThrow("got Infinity in row 93, column 'a'");
  const same = readCsv(['a,y', '1,0.5', '2,0.5', '3,0.5'].join('\n'));
  await expect(scoreForest(same, { target: 'y' })).rejects.toThrow('two different values, got one');
});

test('where those judged are all alike the score is 1 or 0', async () => {
  const tail = readCsv(['a,y', ...lines.map((_, i) => `${i % 80},${i < 80 ? i * 1.5 : 200}`)].join('\n'));
  expect((await scoreForest(tail, { target: 'y', train: 80, trees: 5 })).score).toBe(0);
});

test('a file that is not there, damaged gzip, and text that is no UTF-8 are told as such', async () => {
  const text = Buffer.from('a,b\n1,2\n'.repeat(50));
  expect(contentOf(gzipSync(text))).toEqual(text);
  expect(() => contentOf(gzipSync(text).subarray(0, 30))).toThrow('must be whole gzip');
  expect(() => contentOf(Buffer.from('\ufeffa,b\n1,2', 'utf16le'))).toThrow('must be text in UTF-8, got UTF-16');
  expect(() => contentOf(Buffer.from('a,b\n1,2', 'utf16le'))).toThrow('must be text in UTF-8');
  await expect(contentAt('none.csv')).rejects.toThrow("a file that can be read, got 'none.csv' (ENOENT: no such file");
  expect(() => readCsv(contentOf(Buffer.from('name,y\nJosé,1', 'latin1')))).toThrow('UTF-8');
});

test('few whole numbers are classes', () => {
  const column = (values: number[]) => ({ name: 'y', kind: 'number' as const, values: Float64Array.from(values) });
  expect(taskOf(column([0, 1, 1, 0, 2, 2, 1, 0, 1, 2, 1, 1, 1, 1, 0]))).toBe('classification');
  expect(taskOf(column([0, 1, 2, 3]))).toBe('regression');
  expect(taskOf(column([0.5, 1, 0.5, 1, 0.5, 1]))).toBe('regression');
});

const read = (text: string) => readNumbers(new TextEncoder().encode(text))?.columns.map(({ values }) => values);
test('plain numbers are read from bytes, as small as they are', () => {
  expect(read('a,b,c\n0,-1.5,0.1\r\n255,+3,1000000\n7,.25,2.')).toEqual([
    Uint8Array.of(0, 255, 7),
    Float64Array.of(-1.5, 3, 0.25),
    Float64Array.of(0.1, 1_000_000, 2),
  ]);
  expect(read('a\n1\n')).toEqual([Uint8Array.of(1)]);
  const spaced = readNumbers(new TextEncoder().encode('a, b , y\n1,2,3\n'));
  expect(spaced?.columns.map(({ name }) => name)).toEqual(['a', 'b', 'y']);
  expect(read('y\n-0.00000000000001\n123456.789012345\n')).toEqual([
    Float64Array.of(-0.00000000000001, 123456.789012345),
  ]);
});
test.each([
  'a,b\n1,x\n',
  'a,b\n1,\n',
  'a,b\n1\n',
  'a\n1,2\n',
  'a\n1e5\n',
  '"a"\n1\n',
  'a,a\n1,2\n',
  'a\n1\n\n',
  'a',
  'a\n1.2.3\n',
])('others are left: %j', (text) => {
  expect(read(text)).toBe(undefined);
});
