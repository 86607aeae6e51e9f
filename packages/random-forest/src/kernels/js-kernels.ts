/**
 * The fast kernels in plain JavaScript, for whole weights, byte codes and plain numeric features.
 *
 * No sorting: rows are added into bins, and a walk over the filled ones, in order, looks at each cut. It lies half way
 * between the two filled bins beside it. Cuts are compared by cross products, so that none needs a division.
 *
 * Loops that run long on their first call, as those over the rows of a root do, are functions of their own: what a compiler
 * has not seen run yet it would have to throw away its work for. And where either side is as likely as the other, numbers are
 * chosen by arithmetic: a wrongly foreseen branch costs more than a row.
 */
import type { CodeArray, Workspace } from '../workspace/workspace.ts';
import type { Kernels, NodeSums } from './kernels.ts';
import { scanBinary } from './scan-binary.ts';
import { scanClasses } from './scan-classes.ts';
import { scanNumber } from './scan-number.ts';

export function jsKernels(workspace: Workspace, sums: NodeSums): Kernels {
  const { target, codes, rows, features, entries, spare } = workspace;
  const { totals, result } = sums;
  const columns = Array.from({ length: features }, (_, f) => codes.subarray(f * rows, (f + 1) * rows));
  const scanOf = { binary: scanBinary, classes: scanClasses, number: scanNumber }[target];
  return {
    scan: scanOf(workspace, columns, sums),
    enter() {
      let all = 0;
      let squares = 0;
      for (let k = 0; k < totals.length; k++) {
        const total = totals[k] as number;
        all += total;
        squares += total * total;
      }
      result[2] = target === 'number' ? (totals[0] as number) : all;
      result[3] = squares;
    },
    partition(begin, end, feature, cut) {
      const middle = sift(entries, spare, begin, end, columns[feature] as CodeArray, cut);
      putBack(entries, middle, spare, 2 * end - middle);
      return middle / 2 - begin;
    },
  };
}

/** Moves the entries that go left to the front, the others to `spare`; gives the word where the left ones end. */
function sift(
  entries: Uint32Array,
  spare: Uint32Array,
  begin: number,
  end: number,
  column: CodeArray,
  cut: number,
): number {
  let left = 2 * begin;
  let right = 0;
  for (let i = left; i < 2 * end; i += 2) {
    const row = entries[i] as number;
    const tag = entries[i + 1] as number;
    // Two where the row goes right: the sign of a difference. Both sides are written, one pointer moves.
    const toRight = ((cut - (column[row] as number)) >>> 31) << 1;
    entries[left] = row;
    entries[left + 1] = tag;
    spare[right] = row;
    spare[right + 1] = tag;
    left = (left + 2 - toRight) | 0;
    right = (right + toRight) | 0;
  }
  return left;
}
function putBack(entries: Uint32Array, at: number, spare: Uint32Array, count: number): void {
  for (let i = 0; i < count; i++) entries[at + i] = spare[i] as number;
}
