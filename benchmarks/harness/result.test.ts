import { expect, test } from 'vitest';
import { bestOf, lastLine, type Result, row, smallestRatios, table } from './result.ts';

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
  expect(best.rows[0]?.target).toBe(0.3);
  expect(() => bestOf([])).toThrow('got none');
});

test('a slow peer that ran in one process is compared with the best of all', () => {
  const alone = { ...result(0.5, 5), rows: [row('add', 'ms', 0.5, { slow: 5 }, { notes: { loss: 2 } })] };
  const best = bestOf([alone, { ...alone, rows: [row('add', 'ms', 0.25, {})] }]);
  expect(best.ratios).toEqual({ slow: 20 });
  expect(best.rows[0]?.notes).toEqual({ loss: 2 });
});

test('the table names the aim, the bar and missing peers', () => {
  const missing = [{ peer: 'torch', why: 'no python3 with torch.' }];
  expect(table({ ...result(0.25, 1), missing }, 3)).toBe(
    `overhead on cpu, 1 thread, best of 3 processes' medians\n${'add'.padEnd(34)} ${'0.25'.padStart(9)} µs an op  (at most 0.3: reached)  tfjs-cpu 1 (4 ×)\ntorch: missing, no python3 with torch.`,
  );
  expect(table(result(0.5, 1), 1)).toContain('(at most 0.3: MISSED)');
  const barred = [row('a', 'ms', 2, { 'torch-1.13': 3 }, { bars: { 'torch-1': 1.6, 'torch-2': 1 } })];
  expect(table({ ...result(1, 1), rows: barred }, 1)).toContain('torch-1.13 3 (1.5 ×, at least 1.6: MISSED)');
});

test('the last line has a row for a peer that is absent', () => {
  const line: unknown = JSON.parse(
    lastLine({ ...result(0.25, 1), gflops: 3, missing: [{ peer: 'torch', why: 'none' }] }),
  );
  expect(line).toMatchObject({ bench: 'overhead', threads: 1, gflops: 3, ratios: { 'tfjs-cpu': 4 } });
  expect(line).toHaveProperty('rows.1', { name: 'torch', missing: 'none' });
});
