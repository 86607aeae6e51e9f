/** Bins of counted bytes are those of the bytes sorted. */
import { hostKey, uniforms } from '@dendrite/random';
import { expect, test } from 'vitest';
import { jsBinning } from './binning.ts';
import { quantileBins } from './bins.ts';
import { binsOfCounts } from './bytes.ts';

test.each([
  ['each about as often', (value: number) => Math.floor(256 * value)],
  ['most of them small', (value: number) => Math.floor(256 * value ** 3)],
  ['one of them very often', (value: number) => Math.max(0, Math.floor(600 * value) - 344)],
  ['the last very often', (value: number) => Math.min(255, Math.floor(600 * value))],
  ['few that differ', (value: number) => 40 * Math.floor(6 * value)],
])('%s', (_, of) => {
  // Each of 256 is there, unless few are: those below are added.
  const drawn = Float32Array.from(uniforms(hostKey(3), 4_000), of);
  const differ = new Set(drawn).size;
  const values = differ < 100 ? drawn : Float32Array.from([...drawn, ...Array(256).keys()]);
  const counts = new Uint32Array(256);
  for (const value of values) counts[value] = (counts[value] as number) + 1;
  expect(binsOfCounts(counts)).toEqual(quantileBins({ name: 'x', kind: 'number', values }, jsBinning()));
});
