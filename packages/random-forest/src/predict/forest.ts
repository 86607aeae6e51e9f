/** A forest as data, and its leaves for rows of a table. */
import type { Table } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';
import { encodeColumn } from '../binning/encode-column.ts';
import type { Tree } from '../tree/tree.ts';
import { blockRows, type Walker } from '../wasm/walker.ts';
import { leafOf, leafOfValues } from './walk.ts';

export interface Forest {
  readonly trees: readonly Tree[];
  readonly bins: readonly Bins[];
  /** 0 for regression. */
  readonly classes: number;
  readonly exact: boolean;
}
/** Fewer rows are walked by JavaScript: they are done before a block is set up. */
const fewRows = 32;

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

/** Calls `visit` for every tree and row with the row's leaf node; trees in order for each row. */
function eachLeaf(
  forest: Forest,
  table: Table,
  where: string,
  walker: Walker | undefined,
  visit: (tree: Tree, row: number, node: number) => void,
): void {
  const { bins, trees } = forest;
  const coded = walker && table.rows >= fewRows ? codesOf(forest, table, where) : undefined;
  if (!walker || !coded?.plain) {
    const leaf = leafFinder(forest, table, where);
    for (const tree of trees) for (let row = 0; row < table.rows; row++) visit(tree, row, leaf(tree, row));
    return;
  }
  const width = bins.length;
  for (let begin = 0; begin < table.rows; begin += blockRows) {
    const rows = Math.min(blockRows, table.rows - begin);
    walker.load(coded.codes.subarray(begin * width, (begin + rows) * width), rows);
    trees.forEach((tree, t) => {
      const leaves = walker.leaves(t);
      for (let i = 0; i < rows; i++) visit(tree, begin + i, leaves[i] as number);
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
  eachLeaf(forest, table, where, walker, (tree, row, node) => {
    addLeaf(sums, row * classes, tree, leafNumber(tree, node), classes, combine);
  });
  return Float32Array.from(sums, (sum) => sum / trees.length);
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
    eachLeaf(forest, table, where, walker, (tree, row, node) => {
      sums[row] = (sums[row] as number) + (tree.values[leafNumber(tree, node)] as number);
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
  sums: Float64Array,
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
