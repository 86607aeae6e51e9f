import { expect, test } from 'vitest';
import { isTensor, leaves, mapTree, rebuild, tensor, zipTrees } from '../index.ts';

const make = () => ({
  stem: { filters: tensor([1]) },
  head: [{ weight: tensor([2]) }, { bias: tensor([3]) }],
  none: {},
});

test('leaves: in the order of keys, named by their path', () => {
  const tree = make();
  expect(leaves(tree).map(({ path }) => path)).toEqual(['stem.filters', 'head.0.weight', 'head.1.bias']);
  expect(leaves(tree)[0]?.tensor).toBe(tree.stem.filters);
  const single = tensor([1]);
  expect(leaves(single)).toEqual([{ path: '', tensor: single }]);
  expect(leaves({})).toEqual([]);
});

test('mapTree keeps the form', () => {
  const shapes = mapTree(make(), (x, path) => `${path} [${x.shape}]`);
  expect(shapes).toEqual({
    stem: { filters: 'stem.filters [1]' },
    head: [{ weight: 'head.0.weight [1]' }, { bias: 'head.1.bias [1]' }],
    none: {},
  });
});

test('rebuild keeps the type', () => {
  const tree = make();
  const other = rebuild(tree, (x) => x);
  expect(other).toEqual(tree);
  expect(other).not.toBe(tree);
  expect(other.head[0]?.weight).toBe(tree.head[0]?.weight);
});

test('zipTrees joins leaf by leaf', () => {
  const [a, b] = [make(), make()];
  const pairs = zipTrees(([x, y]) => [x === a.stem.filters, y === b.stem.filters], a, b);
  expect(pairs.stem.filters).toEqual([true, true]);
  expect(pairs.head[0]?.weight).toEqual([false, false]);
});

test('zipTrees names where the forms differ', () => {
  const a = { x: tensor([1]), y: tensor([2]) };
  expect(() => zipTrees(() => 0, a, { x: tensor([1]) })).toThrow(
    "zipTrees(): trees must have the same form, got a leaf 'y' in one that the other lacks. Were they made for another layer?",
  );
  expect(() => zipTrees(() => 0, { x: tensor([1]) }, a)).toThrow(/got a leaf 'y' in one/);
});

test('what is no tree is refused by path', () => {
  const use = (value: unknown) => leaves(value as never);
  expect(() => use({ a: [1] })).toThrow("tree: leaves must be tensors, got number at 'a.0'.");
  expect(() => use({ a: { b: null } })).toThrow("tree: leaves must be tensors, got null at 'a.b'.");
  expect(() => use({ a: undefined })).toThrow("tree: leaves must be tensors, got undefined at 'a'.");
});

test('isTensor knows tensors of any copy of this package', () => {
  expect(isTensor(tensor([1]))).toBe(true);
  expect(isTensor({ '~dendrite': 'tensor' })).toBe(true);
  for (const other of [null, undefined, 3, 'x', {}, [], { '~dendrite': 'runtime' }])
    expect(isTensor(other)).toBe(false);
});
