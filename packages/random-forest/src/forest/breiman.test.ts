/** That it is Breiman's forest: bootstrap, a fresh subset of the features at every split, honest out-of-bag votes. */
import { hostKey, integers, normals, uniforms } from '@dendrite/random';
import { expect, test } from 'vitest';
import type { TreeNodeData } from '../explain/tree-data.ts';
import { drawBag } from '../grow/bag.ts';
import { medianOf } from '../predict/median.ts';
import { seedOf } from '../stream/seed-of.ts';
import { seededStream } from '../stream/stream.ts';
import { decisionTreeRegressor, randomForestClassifier, randomForestRegressor } from './forests.ts';

/** Four features that tell the class equally well. */
function fourFeatures(rows: number, seed: number): { x: { data: Float32Array; shape: [number, number] }; y: number[] } {
  const noise = normals(hostKey(seed), rows * 4);
  const y = Array.from({ length: rows }, (_, i) => i % 2);
  return {
    x: { data: Float32Array.from(noise, (value, i) => value + 1.5 * (y[i >> 2] as number)), shape: [rows, 4] },
    y,
  };
}
const featuresOf = (node: TreeNodeData): string[] =>
  node.children ? [node.feature ?? '', ...node.children.flatMap((child) => featuresOf(child.node))] : [];

test('one tree with maxFeatures: 1 draws anew at every split: it uses all four features', async () => {
  const forest = await randomForestClassifier({ trees: 1, maxFeatures: 1 }).fit(fourFeatures(300, 1), { seed: 3 });
  expect(new Set(featuresOf(await forest.tree(0)))).toEqual(new Set(['x0', 'x1', 'x2', 'x3']));
});

test('over 400 such trees the feature at the root is uniform', async () => {
  const forest = await randomForestClassifier({ trees: 400, maxFeatures: 1, maxDepth: 1 }).fit(fourFeatures(80, 2), {
    seed: 5,
  });
  const counts = new Map<string, number>();
  for (let i = 0; i < 400; i++) {
    const name = (await forest.tree(i)).feature ?? 'none';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  expect(counts.size).toBe(4);
  // p = .001 for three degrees of freedom.
  expect(chiSquare).toBeLessThan(16.27);
});

test('a tree leaves out .368 of the rows, and a row is judged by as many trees', async () => {
  const data = fourFeatures(1000, 3);
  const run = randomForestClassifier({ trees: 40, maxDepth: 2 }).run(data, { seed: 1 });
  const iterator = run[Symbol.asyncIterator]();
  for (let i = 0; i < 39; i++) await iterator.next();
  const snapshot = run.checkpoint();
  for (let next = await iterator.next(); !next.done; ) next = await iterator.next();
  const judges = (await snapshot).arrays['outOfBag.judges']?.data ?? [];
  const trees = (await snapshot).cursor.step;
  const share = Array.from(judges).reduce((sum, count) => sum + count, 0) / 1000 / trees;
  expect(Math.abs(share - Math.exp(-1))).toBeLessThan(0.01);
});

test.each([
  { splitter: 'histogram', combine: 'mean' },
  { splitter: 'exact', combine: 'mean' },
  { splitter: 'exact', combine: 'median' },
] as const)(
  'out of bag, $splitter, $combine: a row is judged by what the trees that did not draw it predict',
  async (options) => {
    const [rows, trees, seed] = [40, 9, 6];
    const data = Float64Array.from(uniforms(hostKey(8), rows * 2));
    const x = { data, shape: [rows, 2] };
    const y = Array.from({ length: rows }, (_, i) => 10 * (data[2 * i] as number) + (data[2 * i + 1] as number));
    const forest = await randomForestRegressor({ trees, ...options }).fit({ x, y }, { seed, validation: { x, y } });
    const leaves = (await forest.apply(x)).data;
    const votes: number[][] = y.map(() => []);
    const drawn = new Uint16Array(rows);
    for (let t = 0; t < trees; t++) {
      const nodes = nodesOf(await forest.tree(t));
      drawBag(drawn, rows, seededStream(seedOf(hostKey(seed).fork('tree').fork(t).fork('bag'))), undefined);
      for (let i = 0; i < rows; i++)
        if (drawn[i] === 0) votes[i]?.push(nodes[leaves[i * trees + t] as number]?.value as number);
    }
    const answer = (given: number[]): number =>
      options.combine === 'median'
        ? medianOf(given.toSorted((a, b) => a - b))
        : given.reduce((sum, value) => sum + value, 0) / given.length;
    const judged = votes.map(answer);
    const { predictions, score } = forest.outOfBag;
    predictions.forEach((value, i) => {
      // A row that all trees drew is judged by none.
      if (votes[i]?.length === 0) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(judged[i] as number, 12);
    });
    expect(score).toBeCloseTo(rSquared(y, judged), 12);
    const last = forest.history.at(-1)?.metrics['validation.score'];
    expect(last).toBeCloseTo(rSquared(y, await forest.predict(x)), 12);
  },
);

/** The nodes of a tree in the order of their numbers. */
const nodesOf = (node: TreeNodeData): TreeNodeData[] => [
  node,
  ...(node.children ?? []).flatMap((child) => nodesOf(child.node)),
];
/** Over the rows that somebody has judged. */
function rSquared(targets: readonly number[], answers: readonly number[]): number {
  const rows = targets.flatMap((target, i) =>
    Number.isNaN(answers[i]) ? [] : [[target, answers[i] as number] as const],
  );
  const mean = rows.reduce((sum, [target]) => sum + target, 0) / rows.length;
  const error = rows.reduce((sum, [target, value]) => sum + (target - value) ** 2, 0);
  return 1 - error / rows.reduce((sum, [target]) => sum + (target - mean) ** 2, 0);
}

test('the best score out of bag is not that of the first tree, where R² begins below 0; equal targets are met', async () => {
  const x = { data: Float32Array.from(uniforms(hostKey(1), 400)), shape: [100, 4] };
  const y = Array.from(uniforms(hostKey(2), 100));
  const { history, outOfBag } = await randomForestRegressor({ trees: 60 }).fit({ x, y });
  const told = history.map(({ metrics }) => metrics.outOfBag ?? Number.NaN);
  expect(told[0]).toBeLessThan(-0.5);
  expect(told.indexOf(Math.max(...told))).toBeGreaterThan(20);
  expect(told.at(-1)).toBe(outOfBag.score);
  expect(outOfBag.score).toBeLessThan(0);
  for (const engine of ['wasm', 'js'] as const) {
    const same = { x, y: y.map(() => 0.1) };
    expect((await randomForestRegressor({ engine }).fit(same)).outOfBag.score).toBe(1);
    const fitted = await randomForestRegressor({ engine, trees: 3 }).fit({ x, y }, { validation: same });
    expect(fitted.history.at(-1)?.metrics['validation.score']).toBe(0);
  }
});

test('on random labels the out-of-bag score is that of guessing, while the training rows are known by heart', async () => {
  const rows = 400;
  const x = { data: Float32Array.from(uniforms(hostKey(1), rows * 5)), shape: [rows, 5] };
  const y = Array.from(integers(hostKey(2), rows, 2), (code) => ['no', 'yes'][code] as string);
  const forest = await randomForestClassifier({ trees: 60 }).fit({ x, y });
  const majority =
    Math.max(y.filter((label) => label === 'yes').length, y.filter((label) => label === 'no').length) / rows;
  expect(forest.outOfBag.score).toBeLessThan(majority + 0.03);
  expect(await forest.predict(x)).toEqual(y);
});

test('exclusive or is learned, though no first split helps', async () => {
  const rows = 200;
  const data = Float32Array.from(uniforms(hostKey(4), rows * 2), (value) => value - 0.5);
  const y = Array.from({ length: rows }, (_, i) => (data[2 * i] as number) > 0 !== (data[2 * i + 1] as number) > 0);
  const forest = await randomForestClassifier({ trees: 30 }).fit({ x: { data, shape: [rows, 2] }, y });
  expect(forest.outOfBag.score).toBeGreaterThan(0.85);
  expect(
    await forest.predict([
      [0.3, -0.3],
      [0.3, 0.3],
    ]),
  ).toEqual([true, false]);
});

test('a step is split where it is, and both sides are exact', async () => {
  const x = Array.from({ length: 20 }, (_, i) => [i]);
  const tree = await decisionTreeRegressor().fit({ x, y: x.map(([value = 0]) => (value < 10 ? 0 : 100)) });
  expect(await tree.text(0)).toBe('x0 ≤ 9.5\n  → 0\nelse\n  → 100');
  expect(await tree.predict([[-5], [9.4], [9.6], [1e9]])).toEqual([0, 0, 100, 100]);
});

test('out-of-bag numbers: R² by hand from the predictions; a row never out of bag is NaN and counts for nothing', async () => {
  const rows = 60;
  const noise = normals(hostKey(9), rows * 2);
  const x = Array.from({ length: rows }, (_, i) => [noise[2 * i] as number, noise[2 * i + 1] as number]);
  const y = x.map(([a = 0, b = 0]) => 3 * a - b);
  const forest = await randomForestRegressor({ trees: 4 }).fit({ x, y });
  const { score, predictions } = forest.outOfBag;
  const judged = predictions
    .map((value, i) => [value, y[i] as number] as const)
    .filter(([value]) => !Number.isNaN(value));
  expect(judged.length).toBeGreaterThan(30);
  expect(judged.length).toBeLessThan(rows);
  const mean = judged.reduce((sum, [, target]) => sum + target, 0) / judged.length;
  const error = judged.reduce((sum, [value, target]) => sum + (value - target) ** 2, 0);
  const spread = judged.reduce((sum, [, target]) => sum + (target - mean) ** 2, 0);
  expect(score).toBeCloseTo(1 - error / spread, 12);
});

test.each(['js', 'wasm'] as const)(
  '%s: without judging the trees are the same, and the score is refused',
  async (engine) => {
    const data = fourFeatures(200, 4);
    const judged = await randomForestClassifier({ trees: 5, engine }).fit(data, { seed: 2 });
    const quick = await randomForestClassifier({ trees: 5, engine, outOfBag: false }).fit(data, { seed: 2 });
    for (let i = 0; i < 5; i++) expect(await quick.tree(i)).toEqual(await judged.tree(i));
    expect(await quick.importance('permutation')).toEqual(await judged.importance('permutation'));
    expect(() => quick.outOfBag).toThrow('got outOfBag: false. Leave it on.');
    const again = await randomForestClassifier().restore(await quick.save());
    expect(await again.predict(data.x)).toEqual(await judged.predict(data.x));
  },
);
