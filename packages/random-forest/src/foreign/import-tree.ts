/** A tree of ml-random-forest (ml-cart) as one of ours. Its questions are `x < v`; ours are `x ≤ t`: t is the next number below v. */
import { DendriteError } from '@dendrite/spec';
import type { Tree } from '../tree/tree.ts';
import { TreeBuilder } from '../tree/tree-builder.ts';

/** `features[c]`: which feature column c of this tree is. `classes`: 0 for regression. */
export function importTree(root: unknown, features: readonly number[], classes: number, where: string): Tree {
  const tree = new TreeBuilder(true);
  const values: number[] = [];
  const leaf = (node: number, distribution: unknown): void => {
    if (classes === 0) {
      if (typeof distribution !== 'number') throw strange('a leaf', 'hold a number', distribution, where);
      tree.feature[node] = -values.push(distribution);
      return;
    }
    const shares = Array.isArray(distribution) && Array.isArray(distribution[0]) ? (distribution[0] as unknown[]) : [];
    if (shares.length === 0 || shares.length > classes)
      throw strange('a leaf', `hold up to ${classes} shares`, distribution, where);
    const numbers = Array.from({ length: classes }, (_, k) => Number(shares[k] ?? 0));
    const pure = numbers.indexOf(1);
    if (pure >= 0) {
      tree.feature[node] = -1 - pure;
      return;
    }
    tree.feature[node] = -1 - classes - values.length / classes;
    values.push(...numbers);
  };
  const visit = (given: unknown): void => {
    const { left, right, splitColumn, splitValue, distribution } = fieldsOf(given, where);
    const node = tree.add();
    if (distribution !== undefined && distribution !== null) {
      leaf(node, distribution);
      return;
    }
    const feature = typeof splitColumn === 'number' ? features[splitColumn] : undefined;
    if (feature === undefined) throw strange('a split', `name a column below ${features.length}`, splitColumn, where);
    if (typeof splitValue !== 'number' || !Number.isFinite(splitValue))
      throw strange('a split', 'have a value', splitValue, where);
    tree.feature[node] = feature;
    tree.thresholds[node] = nextBelow(splitValue);
    visit(left);
    tree.right[node] = tree.nodes;
    visit(right);
  };
  visit(root);
  return tree.build(values, classes);
}

/** The largest float64 below a finite number. */
export function nextBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return view.getFloat64(0);
}

export function fieldsOf(value: unknown, where: string, what = 'the model'): { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null) throw strange(what, 'be an object', value, where);
  return value as { readonly [name: string]: unknown };
}
export function strange(what: string, rule: string, got: unknown, where: string): DendriteError {
  return new DendriteError(
    'FORMAT',
    `${where}: ${what} must ${rule}, got ${JSON.stringify(got)?.slice(0, 60)}. Is it JSON of ml-random-forest?`,
  );
}
