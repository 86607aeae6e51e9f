import { iris } from '@dendrite/datasets';
import { randomForestClassifier } from '@dendrite/random-forest';
import { expect, test } from 'vitest';
import { compare, stratifiedFolds } from './compare.ts';

test('every row is held out once, and classes are dealt evenly', async () => {
  const data = await iris();
  const parts = stratifiedFolds(data, 5, 1);
  const column = (table: typeof data.table, name: string): readonly number[] => [
    ...(table.columns.find((each) => each.name === name)?.values ?? []),
  ];
  for (const { train, test: held } of parts) {
    expect([train.table.rows, held.table.rows]).toEqual([120, 30]);
    const codes = column(held.table, data.target);
    expect([0, 1, 2].map((code) => codes.filter((each) => each === code).length)).toEqual([10, 10, 10]);
  }
  const [first] = data.table.columns;
  const all = parts.flatMap(({ test: held }) => column(held.table, first?.name ?? ''));
  expect(all.sort()).toEqual([...(first?.values ?? [])].sort());
});

test('a forest on iris', async () => {
  const forest = randomForestClassifier({ trees: 20 });
  const [row] = await compare(await iris(), [{ name: 'forest', fit: (data, options) => forest.fit(data, options) }], {
    seed: 2,
  });
  expect(row?.mean).toBeGreaterThan(0.9);
  expect(row?.deviation).toBeLessThan(0.1);
});
