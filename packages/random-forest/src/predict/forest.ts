/** A forest as data, and what it answers, once the leaves of the rows are known. */
import type { Table } from '@dendrite/spec';
import type { Binning } from '../binning/binning.ts';
import type { Bins } from '../binning/bins.ts';
import { encodeColumn, searchCodes } from '../binning/encode-column.ts';
import { classOfLeaf, type Tree } from '../tree/tree.ts';
import type { Walker } from '../wasm/walker.ts';

export interface Forest {
  readonly trees: readonly Tree[];
  readonly bins: readonly Bins[];
  /** 0 for regression. */
  readonly classes: number;
  readonly exact: boolean;
}
/** Fewer rows go down eight trees at a time, instead of eight rows at a time down one tree. */
const fewRows = 8;

/**
 * A table as bytes, row by row; plain: nothing is missing, nothing is a category.
 * @param encode  what is faster for many rows, where it is there
 */
export function codesOf(
  { bins }: Forest,
  { rows, columns }: Table,
  where: string,
  encode: Binning['encode'] = searchCodes,
): { readonly codes: Uint8Array; readonly plain: boolean } {
  const width = bins.length;
  const codes = new Uint8Array(rows * width);
  let plain = true;
  columns.forEach((column, f) => {
    const own = bins[f] as Bins;
    const any = encodeColumn(column, own, codes, f, width, where, { encode });
    if (any || own.kind === 'category') plain = false;
  });
  return { codes, plain };
}

/** The numbers `leaves[from … to − 1]` of the leaves in a tree, of the rows from `begin` on. */
export type TakeLeaves = (tree: Tree, begin: number, leaves: Int32Array, from: number, to: number) => void;
/** Gives the leaves of all rows, some at a time; trees in order for each row. */
export type EachLeaves = (take: TakeLeaves) => void;

/** The leaves of rows of plain codes, by WebAssembly. */
export function walkedLeaves({ trees, bins }: Forest, codes: Uint8Array, rows: number, walker: Walker): EachLeaves {
  const width = bins.length;
  return (take) => {
    if (rows < fewRows) {
      for (let row = 0; row < rows; row++) {
        walker.load(codes.subarray(row * width, (row + 1) * width), 1);
        const leaves = walker.leavesOfRow();
        for (let t = 0; t < trees.length; t++) take(trees[t] as Tree, row, leaves, t, t + 1);
      }
      return;
    }
    for (let begin = 0; begin < rows; begin += walker.blockRows) {
      const count = Math.min(walker.blockRows, rows - begin);
      walker.load(codes.subarray(begin * width, (begin + count) * width), count);
      trees.forEach((tree, t) => {
        take(tree, begin, walker.leaves(t), 0, count);
      });
    }
  };
}

/** `[rows, classes]`: the mean over trees of the leaves' class fractions, or the share of trees that vote for a class. */
export function forestProbabilities(
  { classes, trees }: Forest,
  rows: number,
  combine: 'mean' | 'mode',
  eachLeaves: EachLeaves,
): Float32Array {
  const sums = new Float64Array(rows * classes);
  eachLeaves((tree, begin, leaves, from, to) => {
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

/** One number a row: the mean of the trees. */
export function forestMeans({ trees }: Forest, rows: number, eachLeaves: EachLeaves): Float64Array {
  const sums = new Float64Array(rows);
  eachLeaves(({ values }, begin, leaves, from, to) => {
    for (let i = from, row = begin; i < to; i++, row++)
      sums[row] = (sums[row] as number) + (values[leaves[i] as number] as number);
  });
  return sums.map((sum) => sum / trees.length);
}

/** Adds what a leaf says to a row's sums: its class fractions, or its one vote. */
export function addLeaf(
  sums: Float64Array | Uint16Array | Uint32Array,
  at: number,
  tree: Tree,
  leaf: number,
  classes: number,
  combine: 'mean' | 'mode',
): void {
  if (combine === 'mode' || leaf < classes) {
    const own = at + classOfLeaf(tree, leaf, classes);
    sums[own] = (sums[own] as number) + 1;
    return;
  }
  const from = (leaf - classes) * classes;
  for (let k = 0; k < classes; k++) sums[at + k] = (sums[at + k] as number) + (tree.values[from + k] as number);
}
