/** A forest as data, and its leaves for rows of a table. */
import type { Table } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';
import { encodeColumn } from '../binning/encode-column.ts';
import type { Tree } from '../tree/tree.ts';
import type { Walker } from '../wasm/walker.ts';
import { leafOf, leafOfValues } from './walk.ts';

export interface Forest {
  readonly trees: readonly Tree[];
  readonly bins: readonly Bins[];
  /** 0 for regression. */
  readonly classes: number;
  readonly exact: boolean;
}
/** Fewer rows go down eight trees at a time, instead of eight rows at a time down one tree. */
const fewRows = 8;

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

/** A table as bytes, row by row; plain: nothing is missing, nothing is a category. */
function codesOf(
  { bins }: Forest,
  { rows, columns }: Table,
  where: string,
): { readonly codes: Uint8Array; readonly plain: boolean } {
  const width = bins.length;
  const codes = new Uint8Array(rows * width);
  let plain = true;
  columns.forEach((column, f) => {
    const own = bins[f] as Bins;
    const any = encodeColumn(column, own, codes, f, width, where);
    if (any || own.kind === 'category') plain = false;
  });
  return { codes, plain };
}

/** The numbers `leaves[from … to − 1]` of the leaves in a tree, of the rows from `begin` on. */
type Take = (tree: Tree, begin: number, leaves: Int32Array, from: number, to: number) => void;

/** Gives `take` the leaves of all rows; trees in order for each row. */
function eachBlock(forest: Forest, table: Table, where: string, walker: Walker | undefined, take: Take): void {
  const { bins, trees } = forest;
  const { rows } = table;
  const coded = walker && codesOf(forest, table, where);
  if (!walker || !coded?.plain) {
    const leaf = leafFinder(forest, table, where);
    const leaves = new Int32Array(rows);
    for (const tree of trees) {
      for (let row = 0; row < rows; row++) leaves[row] = leafNumber(tree, leaf(tree, row));
      take(tree, 0, leaves, 0, rows);
    }
    return;
  }
  const width = bins.length;
  if (rows < fewRows) {
    for (let row = 0; row < rows; row++) {
      walker.load(coded.codes.subarray(row * width, (row + 1) * width), 1);
      const leaves = walker.leavesOfRow();
      for (let t = 0; t < trees.length; t++) take(trees[t] as Tree, row, leaves, t, t + 1);
    }
    return;
  }
  for (let begin = 0; begin < rows; begin += walker.blockRows) {
    const count = Math.min(walker.blockRows, rows - begin);
    walker.load(coded.codes.subarray(begin * width, (begin + count) * width), count);
    trees.forEach((tree, t) => {
      take(tree, begin, walker.leaves(t), 0, count);
    });
  }
}

/** `[rows, classes]`: the mean over trees of the leaves' class fractions, or the share of trees that vote for a class. */
export function forestProbabilities(
  forest: Forest,
  table: Table,
  combine: 'mean' | 'mode',
  where: string,
  walker?: Walker,
): Float32Array {
  const { classes, trees } = forest;
  const sums = new Float64Array(table.rows * classes);
  eachBlock(forest, table, where, walker, (tree, begin, leaves, from, to) => {
    for (let i = from, at = begin * classes; i < to; i++, at += classes) {
      const leaf = leaves[i] as number;
      if (leaf < classes) sums[at + leaf] = (sums[at + leaf] as number) + 1;
      else addLeaf(sums, at, tree, leaf, classes, combine);
    }
  });
  const count = trees.length;
  const shares = new Float32Array(sums.length);
  for (let i = 0; i < shares.length; i++) shares[i] = (sums[i] as number) / count;
  return shares;
}

/** One number a row: the mean or the median of the trees. */
export function forestNumbers(
  forest: Forest,
  table: Table,
  combine: 'mean' | 'median',
  where: string,
  walker?: Walker,
): Float64Array {
  const { trees } = forest;
  if (combine === 'mean') {
    const sums = new Float64Array(table.rows);
    eachBlock(forest, table, where, walker, ({ values }, begin, leaves, from, to) => {
      for (let i = from, row = begin; i < to; i++, row++)
        sums[row] = (sums[row] as number) + (values[leaves[i] as number] as number);
    });
    return sums.map((sum) => sum / trees.length);
  }
  const leaf = leafFinder(forest, table, where);
  const given = new Float64Array(trees.length);
  return Float64Array.from({ length: table.rows }, (_, row) => {
    trees.forEach((tree, t) => {
      given[t] = tree.values[leafNumber(tree, leaf(tree, row))] as number;
    });
    given.sort();
    const middle = trees.length >> 1;
    const upper = given[middle] as number;
    return trees.length % 2 === 1 ? upper : ((given[middle - 1] as number) + upper) / 2;
  });
}

/** Adds what a leaf says to a row's sums. */
export function addLeaf(
  sums: Float64Array | Uint16Array | Uint32Array,
  at: number,
  { values }: Tree,
  leaf: number,
  classes: number,
  combine: 'mean' | 'mode',
): void {
  if (leaf < classes) {
    sums[at + leaf] = (sums[at + leaf] as number) + 1;
    return;
  }
  const from = (leaf - classes) * classes;
  if (combine === 'mean') {
    for (let k = 0; k < classes; k++) sums[at + k] = (sums[at + k] as number) + (values[from + k] as number);
    return;
  }
  let most = 0;
  for (let k = 1; k < classes; k++) if ((values[from + k] as number) > (values[from + most] as number)) most = k;
  sums[at + most] = (sums[at + most] as number) + 1;
}
