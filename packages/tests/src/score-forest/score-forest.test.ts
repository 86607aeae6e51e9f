import { readCsv } from '@dendrite/datasets/csv';
import { expect, test } from 'vitest';
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

test('few whole numbers are classes', () => {
  const column = (values: number[]) => ({ name: 'y', kind: 'number' as const, values: Float64Array.from(values) });
  expect(taskOf(column([0, 1, 1, 0, 2, 2, 1, 0, 1, 2, 1, 1, 1, 1, 0]))).toBe('classification');
  expect(taskOf(column([0, 1, 2, 3]))).toBe('regression');
  expect(taskOf(column([0.5, 1, 0.5, 1, 0.5, 1]))).toBe('regression');
});
