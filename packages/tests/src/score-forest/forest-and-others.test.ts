/** Forests beside the packages that they do not know: pictures, metrics, data sets, loading, early stopping. */
import { iris } from '@dendrite/datasets';
import { accuracy, r2 } from '@dendrite/metrics';
import { earlyStopping, fromBytes, toBytes } from '@dendrite/model';
import { decisionTreeClassifier, randomForestClassifier, randomForestRegressor } from '@dendrite/random-forest';
import { tree } from '@dendrite/report';
import { expect, test } from 'vitest';

test('report draws a tree as it is', async () => {
  const fitted = await decisionTreeClassifier({ maxDepth: 2 }).fit(await iris());
  const svg = tree(await fitted.tree(0), { title: 'iris' });
  expect(svg).toContain('setosa');
  expect(svg).toContain('≤');
});

test('metrics judge forests as they judge nets, and a file is the forest', async () => {
  const data = await iris();
  const forest = await randomForestClassifier({ trees: 20 }).fit(data, { seed: 1 });
  const { top1 } = await forest.evaluate(data, { top1: accuracy });
  expect(top1).toBeGreaterThan(0.97);
  const again = await randomForestClassifier({ trees: 20 }).restore(fromBytes(toBytes(await forest.save())));
  expect(await again.evaluate(data, { top1: accuracy })).toEqual({ top1 });
  const width = { table: data.table, target: data.table.columns[0]?.name ?? '' };
  const numbers = await randomForestRegressor({ trees: 20 }).fit(width);
  expect((await numbers.evaluate(width, { r2 })).r2).toBeGreaterThan(0.9);
});

test('training ends when the out-of-bag score has settled', async () => {
  const forest = await randomForestClassifier({ trees: 400 }).fit(await iris(), {
    callbacks: [earlyStopping({ monitor: 'outOfBag', mode: 'max', patience: 15 })],
  });
  expect(forest.size.trees).toBeLessThan(200);
  // Not in the first trees, when few rows have been judged.
  expect(forest.size.trees).toBeGreaterThan(7);
});
