/** Rows that go down a tree four at a time end in the leaves that they reach alone. */
import { hostKey, integers } from '@dendrite/random';
import { expect, test } from 'vitest';
import { quantileBins } from '../binning/bins.ts';
import type { Tree } from '../tree/tree.ts';
import { leafNumber } from './leaf-finder.ts';
import { leafOf } from './walk.ts';
import { codedLeaves } from './walk-rows.ts';

const width = 7;
const bins = Array.from({ length: width }, (_, f) =>
  quantileBins({ kind: 'number', name: `c${f}`, values: Uint8Array.of(0, 255) }),
);

/** Whose left side is a chain of questions and whose right children are leaves; leaf 0 is the deepest. */
function chain(questions: number, seed: number): Tree {
  const nodes = 2 * questions + 1;
  const asked = integers(hostKey(seed), questions, width);
  const cuts = integers(hostKey(seed + 1), questions, 256);
  return {
    feature: Int32Array.from({ length: nodes }, (_, i) => (i < questions ? (asked[i] as number) : questions - 1 - i)),
    cut: Int32Array.from({ length: nodes }, (_, i) => (i < questions ? (cuts[i] as number) : 0)),
    right: Int32Array.from({ length: nodes }, (_, i) => (i < questions ? nodes - 1 - i : 0)),
    values: new Float64Array(questions + 1),
    sets: new Int32Array(0),
  };
}

test.each([0, 1, 2, 3, 4, 5, 7, 300])('%i rows, few and many for the nodes of a tree', (rows) => {
  const codes = Uint8Array.from(integers(hostKey(9), rows * width, 256));
  // The longer tree is laid out after a shorter one, and a leaf alone is a tree too.
  const trees = [chain(2, 1), chain(60, 3), chain(0, 5), chain(5, 7)];
  const seen: number[][] = [];
  codedLeaves(
    { trees, bins, classes: 0, exact: false },
    codes,
    rows,
  )((_, begin, leaves, from, to) => {
    expect([begin, from, to]).toEqual([0, 0, rows]);
    seen.push([...leaves]);
  });
  const coded = { codes, stride: 1, plain: true };
  const alone = trees.map((tree) =>
    Array.from({ length: rows }, (_, row) => leafNumber(tree, leafOf(tree, coded, row * width, bins))),
  );
  expect(seen).toEqual(alone);
});
