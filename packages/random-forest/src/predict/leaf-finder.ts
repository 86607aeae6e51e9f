/** Finding leaves in JavaScript, whatever the trees and the rows are. */
import type { Table } from '@dendrite/spec';
import type { Tree } from '../tree/tree.ts';
import { codesOf, type EachLeaves, type Forest } from './forest.ts';
import { medianOf } from './median.ts';
import { leafOf, leafOfValues } from './walk.ts';

/** The node that is a row's leaf in a tree. */
export type Finder = (tree: Tree, row: number) => number;

/** Pure leaves of a class share a number. */
export const leafNumber = ({ feature }: Tree, node: number): number => ~(feature[node] as number);

/** Reads a table once, so that every tree can be asked. */
export function leafFinder(forest: Forest, table: Table, where: string): Finder {
  const { bins, exact } = forest;
  const { rows, columns } = table;
  const width = bins.length;
  if (exact) {
    const values = new Float64Array(rows * width);
    columns.forEach((column, f) => {
      for (let i = 0; i < rows; i++)
        values[i * width + f] = column.missing?.[i] ? Number.NaN : (column.values[i] as number);
    });
    return (tree, row) => leafOfValues(tree, values, row * width, bins);
  }
  const { codes, plain } = codesOf(forest, table, where);
  const coded = { codes, stride: 1, plain };
  return (tree, row) => leafOf(tree, coded, row * width, bins);
}

/** The leaves of all rows of a table. */
export function foundLeaves(forest: Forest, table: Table, where: string): EachLeaves {
  const leaf = leafFinder(forest, table, where);
  const { rows } = table;
  const leaves = new Int32Array(rows);
  return (take) => {
    for (const tree of forest.trees) {
      for (let row = 0; row < rows; row++) leaves[row] = leafNumber(tree, leaf(tree, row));
      take(tree, 0, leaves, 0, rows);
    }
  };
}

/** One number a row: the median of the trees. */
export function forestMedians(forest: Forest, table: Table, where: string): Float64Array {
  const { trees } = forest;
  const leaf = leafFinder(forest, table, where);
  const given = new Float64Array(trees.length);
  return Float64Array.from({ length: table.rows }, (_, row) => {
    trees.forEach((tree, t) => {
      given[t] = tree.values[leafNumber(tree, leaf(tree, row))] as number;
    });
    return medianOf(given.sort());
  });
}
