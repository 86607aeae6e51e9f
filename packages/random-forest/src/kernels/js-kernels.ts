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
  const [whole, aside] = [wholeOf(entries), wholeOf(spare)];
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
      const middle = sift(entries, whole, aside, begin, end, columns[feature] as CodeArray, cut);
      putBack(whole, middle, aside, end - middle);
      return middle - begin;
    },
  };
}

/** Moves the entries that go left to the front, the others to `spare`; gives where the left ones end. */
function sift(
  entries: Uint32Array,
  whole: Float64Array,
  spare: Float64Array,
  begin: number,
  end: number,
  column: CodeArray,
  cut: number,
): number {
  let left = begin;
  let right = 0;
  for (let i = begin; i < end; i++) {
    const entry = whole[i] as number;
    // One where the row goes right: the sign of a difference. Both sides are written, one pointer moves.
    const toRight = (cut - (column[entries[2 * i] as number] as number)) >>> 31;
    whole[left] = entry;
    spare[right] = entry;
    left = (left + 1 - toRight) | 0;
    right = (right + toRight) | 0;
  }
  return left;
}
function putBack(whole: Float64Array, at: number, spare: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) whole[at + i] = spare[i] as number;
}

/** The two words of an entry as one number, to be moved and not looked at. It is never NaN: see `mostClasses`. */
const wholeOf = ({ buffer, byteOffset, length }: Uint32Array): Float64Array =>
  new Float64Array(buffer, byteOffset, length / 2);
