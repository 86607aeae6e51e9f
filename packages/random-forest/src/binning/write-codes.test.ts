/** Codes by a grid are what counting the edges below each value gives, however the edges lie in its cells. */
import { expect, test } from 'vitest';
import { cellsOf } from './cells.ts';
import { searchCodes } from './encode-column.ts';
import { writeCodes } from './write-codes.ts';

const even = Float64Array.from({ length: 254 }, (_, i) => i - 100);
/** The even ones, each followed by so many close ones. */
const close = (more: number): Float64Array =>
  Float64Array.from({ length: 40 * (more + 1) }, (_, i) => Math.floor(i / (more + 1)) + (i % (more + 1)) / 1e4);

test.each([
  ['one a cell', even, 1],
  ['up to three', close(2), 3],
  ['many', close(5), 6],
  ['a single one', Float64Array.of(0.5), 1],
  ['none', new Float64Array(0), 0],
])('edges in a cell: %s', (_, edges, most) => {
  expect(cellsOf(edges).most).toBe(most);
  const values = Float32Array.from([
    ...edges,
    ...Array.from(edges, (edge) => edge + 1e-5),
    ...Array.from({ length: 100 }, (_, i) => 3 * i - 150),
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  const [codes, apart] = [new Uint8Array(values.length), new Uint8Array(2 * values.length + 1)];
  writeCodes(values, edges, codes, 0, 1);
  writeCodes(values, edges, apart, 1, 2);
  const searched = new Uint8Array(values.length);
  searchCodes(values, edges, searched, 0, 1);
  expect(searched).toEqual(codes);
  const counted = Array.from(values, (value) => edges.filter((edge) => edge < value).length);
  expect([...codes]).toEqual(counted);
  expect(Array.from(values, (_, i) => apart[1 + 2 * i])).toEqual(counted);
});
