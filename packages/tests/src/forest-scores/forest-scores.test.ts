import { hostKey } from '@dendrite/random';
import { isDendriteError, type Table } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { breimanSets, drawBreiman } from './breiman-sets.ts';
import { contests } from './forest-scores.ts';
import { printed, scoreRow } from './score-row.ts';

/** Mean and variance of feature `j` over the rows of a class. */
function moments(table: Table, j: number, label: number): readonly [mean: number, variance: number] {
  const labels = table.columns.at(-1)?.values ?? [];
  const values = Array.from(table.columns[j]?.values ?? []).filter((_, row) => labels[row] === label);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
}
const a = 2 / Math.sqrt(20);

// By hand from the definitions: two equal clouds at ±a have the variance 1 + a²; a wave mixed in by u adds its square / 12.
test.each([
  ['twonorm', 0, 0, a, 1],
  ['twonorm', 19, 1, -a, 1],
  ['threenorm', 3, 0, 0, 1 + a * a],
  ['threenorm', 3, 1, -a, 1],
  ['threenorm', 4, 1, a, 1],
  ['ringnorm', 7, 0, 0, 4],
  ['ringnorm', 7, 1, a, 1],
  ['waveform', 10, 0, 4, 1 + 4 / 3],
  ['waveform', 6, 0, 4, 1 + 4 / 3],
  ['waveform', 14, 0, 1, 1 + 4 / 12],
  ['waveform', 14, 1, 4, 1 + 4 / 3],
  ['waveform', 10, 2, 2, 1],
  ['waveform', 0, 2, 0, 1],
] as const)('%s: feature %i of class %i has the mean %d and the variance %d', (name, j, label, mean, variance) => {
  const set = breimanSets.find((each) => each.name === name);
  if (set === undefined) throw new Error(name);
  const [ownMean, ownVariance] = moments(drawBreiman(set, 12_000, hostKey(1)), j, label);
  expect(Math.abs(ownMean - mean)).toBeLessThan(0.1);
  expect(Math.abs(ownVariance / variance - 1)).toBeLessThan(0.1);
});

test('a seed draws the same examples, another one others', () => {
  const [set] = breimanSets;
  if (set === undefined) throw new Error('no set');
  expect(drawBreiman(set, 5, hostKey(1))).toEqual(drawBreiman(set, 5, hostKey(1)));
  expect(drawBreiman(set, 5, hostKey(1))).not.toEqual(drawBreiman(set, 5, hostKey(2)));
});

test('a row judges its mean: not below a bar, or not far from the reference', () => {
  const runs = [1, 3].map((score) => ({ score, outOfBag: 2 }));
  const least = { name: 'x', measure: 'accuracy', reference: 2.5, bar: { least: 2 } } as const;
  expect(scoreRow(least, runs)).toMatchObject({ score: 2, deviation: Math.SQRT2, outOfBag: 2, runs: 2, reached: true });
  expect(scoreRow({ ...least, bar: { least: 2.1 } }, runs).reached).toBe(false);
  const error = { ...least, measure: 'error %', reference: 0.9, bar: { within: 1 } } as const;
  expect(scoreRow(error, runs).reached).toBe(false);
  expect(printed(scoreRow({ ...error, reference: 1 }, runs))).toMatch(/^x, error % +2\.00 ± 1\.41 .* ± 1 +reached$/);
});

test('threenorm is learned as well as scikit-learn learns it; a table that is not there is said', async () => {
  const named = (name: string) => contests.find((each) => each.name === name);
  expect(await named('threenorm')?.measure('', 6)).toMatchObject({ runs: 6, reached: true });
  const error: unknown = await named('wine')
    ?.measure('nowhere', 1)
    .catch((thrown: unknown) => thrown);
  expect(isDendriteError(error, 'DATA') && error.message).toContain('Give --data FOLDER');
});
