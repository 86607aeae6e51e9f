import { expect, test } from 'vitest';
import { bestOf, type Result, row, smallestRatios, table } from './result.ts';

const result = (ours: number, peer: number): Result => {
  const rows = [row('add', 'µs an op', ours, { 'tfjs-cpu': peer }, { target: 0.3 })];
  return { bench: 'overhead', backend: 'cpu', threads: 1, ratios: smallestRatios(rows), missing: [], rows };
};

test('a ratio says how many times faster ours is, and the smallest row counts', () => {
  const rows = [row('a', 'ms', 2, { peer: 6 }), row('b', 'ms', 4, { peer: 5, other: 4 })];
  expect(smallestRatios(rows)).toEqual({ peer: 1.25, other: 1 });
});

test('the best process gives the row, with the peer it was interleaved with', () => {
  const best = bestOf([result(0.4, 2), result(0.25, 1.8), result(0.3, 1.9)]);
  expect(best.rows[0]?.ours).toBe(0.25);
  expect(best.ratios).toEqual({ 'tfjs-cpu': 7.2 });
  expect(() => bestOf([])).toThrow('got none');
});

test('the table names the aim and missing peers', () => {
  expect(table({ ...result(0.25, 1), missing: [{ peer: 'torch', why: 'no python3 with torch.' }] })).toBe(
    `${'add'.padEnd(34)} ${'0.25'.padStart(9)} µs an op  (at most 0.3: reached)  tfjs-cpu 1 (4 ×)\ntorch: missing, no python3 with torch.`,
  );
  expect(table(result(0.5, 1))).toContain('(at most 0.3: MISSED)');
});
