import { expect, test } from 'vitest';
import { EVIL, elementsOf, textsOf, unbalanced } from '../markup/markup.fixture.ts';
import { type TreeNode, tree } from './tree.ts';

const iris: TreeNode = {
  label: 'petal length ≤ 2.45',
  detail: '150 samples',
  children: [
    { edge: 'yes', node: { label: 'setosa', share: 1, color: 0 } },
    {
      edge: 'no',
      node: {
        label: 'petal width ≤ 1.75',
        children: [
          { edge: 'yes', node: { label: 'versicolor', share: 0.9, color: 1 } },
          { edge: 'no', node: { label: 'virginica', share: 0.98, color: 2 } },
        ],
      },
    },
  ],
};
const boxesOf = (svg: string): { x: number; y: number; width: number }[] =>
  elementsOf(svg, 'rect')
    .filter(({ class: name }) => name === 'dn-surface dn-axis')
    .map(({ x, y, width }) => ({ x: Number(x), y: Number(y), width: Number(width) }));

test('every node, edge and detail is there, and the rules are words', () => {
  const svg = tree(iris, { title: 'Tree 0' });
  expect(textsOf(svg)).toEqual([
    'Tree 0',
    'yes',
    'yes',
    'no',
    'no',
    'petal length ≤ 2.45',
    '150 samples',
    'setosa',
    'petal width ≤ 1.75',
    'versicolor',
    'virginica',
  ]);
  expect(elementsOf(svg, 'path')).toHaveLength(4);
  expect(elementsOf(svg, 'svg')[0]?.['aria-label']).toBe(
    'Tree 0. A tree of 5 nodes. petal length ≤ 2.45: yes → setosa; petal length ≤ 2.45: no → petal width ≤ 1.75: yes → versicolor; petal length ≤ 2.45: no → petal width ≤ 1.75: no → virginica',
  );
  expect(unbalanced(svg)).toEqual([]);
});

test('a parent stands over the middle of its children; nodes of a level do not touch', () => {
  const [root, setosa, width, versicolor, virginica] = boxesOf(tree(iris));
  const middle = (box: { x: number; width: number } | undefined): number => (box?.x ?? 0) + (box?.width ?? 0) / 2;
  expect(middle(width)).toBeCloseTo((middle(versicolor) + middle(virginica)) / 2, 1);
  expect(middle(root)).toBeCloseTo((middle(setosa) + middle(width)) / 2, 1);
  expect((versicolor?.x ?? 0) + (versicolor?.width ?? 0)).toBeLessThan(virginica?.x ?? 0);
  expect((setosa?.x ?? 0) + (setosa?.width ?? 0)).toBeLessThan(width?.x ?? 0);
  expect(versicolor?.y).toBe(virginica?.y);
});

test('wide parents of narrow children cover no neighbour, in any full tree', () => {
  const build = (depth: number, name: string): TreeNode =>
    depth === 0
      ? { label: name }
      : {
          label: `a rather long question about ${name}`,
          children: [{ node: build(depth - 1, `${name}0`) }, { node: build(depth - 1, `${name}1`) }],
        };
  const one: TreeNode = {
    label: 'r',
    children: ['a', 'b', 'c'].map((name) => ({
      node: { label: `a very wide question ${name}`, children: [{ node: { label: 'x' } }] },
    })),
  };
  for (const root of [build(4, ''), one]) {
    const boxes = boxesOf(tree(root)).sort((a, b) => a.y - b.y || a.x - b.x);
    for (const [i, box] of boxes.entries()) {
      const next = boxes[i + 1];
      expect(box.x).toBeGreaterThanOrEqual(0);
      if (next?.y === box.y) expect(box.x + box.width).toBeLessThanOrEqual(next.x);
    }
  }
});

test('what is deeper is counted', () => {
  const svg = tree(iris, { maxDepth: 1 });
  expect(textsOf(svg)).toContain('… 2 more below');
  expect(textsOf(svg)).not.toContain('virginica');
  expect(textsOf(tree(iris, { maxDepth: 0 }))).toContain('… 4 more below');
});

test('one leaf is a tree; text is escaped', () => {
  expect(textsOf(tree({ label: 'always' }))).toEqual(['always']);
  const svg = tree({ label: EVIL, detail: EVIL, children: [{ edge: EVIL, node: { label: EVIL } }] }, { title: EVIL });
  expect(svg).not.toMatch(/<script|<img/);
  expect(unbalanced(svg)).toEqual([]);
});

test('a tree thousands of nodes deep is drawn from the top and told in short', () => {
  let node: TreeNode = { label: 'last' };
  for (let i = 0; i < 20_000; i++) node = { label: `q${i}`, children: [{ node: { label: 'no' } }, { node }] };
  const drawn = tree(node);
  expect(drawn).toContain('A tree of 40001 nodes.');
  expect(drawn).toContain('more below');
  expect(drawn.length).toBeLessThan(30_000);
});
