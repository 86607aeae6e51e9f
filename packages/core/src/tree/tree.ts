/** Trees of tensors: nested plain objects and arrays, leaves named by their path. */
import { DendriteError, type Tensor, type Tree, type TreeOf } from '@dendrite/spec';

export interface Leaf {
  /** `'stem.filters'`, `'0.weight'`; empty for a tree that is one tensor. */
  readonly path: string;
  readonly tensor: Tensor;
}

/** Whether a value is a tensor, of any copy of this package. */
export const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && '~dendrite' in value && value['~dendrite'] === 'tensor';

/** Tensors of a tree, in the order of their keys. @throws OPTION  on a leaf that is no tensor */
export function leaves(tree: Tree): Leaf[] {
  const found: Leaf[] = [];
  visit(tree, '', (tensor, path) => {
    found.push({ path, tensor });
    return null;
  });
  return found;
}

/** A tree of the same form with `f(tensor, path)` at its leaves. */
export const mapTree = <T extends Tree, V>(tree: T, f: (tensor: Tensor, path: string) => V): TreeOf<T, V> =>
  visit(tree, '', f) as TreeOf<T, V>;

/** The same for a tree of any form, whose type the caller keeps. */
export const rebuild = <T extends Tree>(tree: T, f: (tensor: Tensor, path: string) => Tensor): T =>
  visit(tree, '', f) as T;

/**
 * Joins trees of one form leaf by leaf.
 * @throws OPTION  naming the path where the forms differ
 * @example
 * import { sub, tensor, zipTrees } from '@dendrite/core';
 * const [before, after] = [{ weight: tensor([3]) }, { weight: tensor([1]) }];
 * const { weight } = zipTrees(([a, b]) => sub(a ?? 0, b ?? tensor(0)), before, after);
 * await weight.toArray(); // [2]
 */
export function zipTrees<T extends Tree, V>(
  f: (tensors: readonly Tensor[], path: string) => V,
  tree: T,
  ...others: readonly Tree[]
): TreeOf<T, V> {
  const tables = others.map((other) => new Map(leaves(other).map(({ path, tensor }) => [path, tensor])));
  let count = 0;
  const made = visit(tree, '', (tensor, path) => {
    count++;
    return f([tensor, ...tables.map((table) => table.get(path) ?? differs(path))], path);
  });
  for (const table of tables)
    if (table.size !== count)
      differs([...table.keys()].find((path) => !leaves(tree).some((leaf) => leaf.path === path)) ?? '');
  return made as TreeOf<T, V>;
}

function differs(path: string): never {
  throw new DendriteError(
    'OPTION',
    `zipTrees(): trees must have the same form, got a leaf '${path}' in one that the other lacks. Were they made for another layer?`,
  );
}

function visit(tree: unknown, path: string, f: (tensor: Tensor, path: string) => unknown): unknown {
  if (isTensor(tree)) return f(tree, path);
  const name = (key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);
  if (Array.isArray(tree)) return tree.map((each, i) => visit(each, name(i), f));
  if (typeof tree === 'object' && tree !== null && !('~dendrite' in tree))
    return Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, visit(each, name(key), f)]));
  throw new DendriteError(
    'OPTION',
    `tree: leaves must be tensors, got ${tree === null ? 'null' : typeof tree} at '${path}'.`,
  );
}
