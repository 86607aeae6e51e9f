/**
 * The fast kernels in plain JavaScript, for whole weights, byte codes and plain numeric features.
 *
 * Gain of a cut: classes `Σ L²/l + Σ R²/r` (weights L, R of the classes left and right, l and r their sums; the Gini decrease
 * but for a constant); numbers `(s·W − S·l)² / (l·r)` (sum s of the left targets; `W` times the decrease of the squared error).
 *
 * No sorting: rows are added into a histogram, each touched bin is marked, and the marks are walked in order, clearing on
 * the way. A cut lies half way between the two filled bins beside it.
 */
import { binLanes, type Workspace } from '../workspace/workspace.ts';
import { constant, type Kernels } from './kernels.ts';

export function jsKernels(workspace: Workspace): Kernels {
  const { target, entries, spare, codes, rows, totals, result } = workspace;
  const scan =
    target === 'binary' ? scanBinary(workspace) : target === 'classes' ? scanClasses(workspace) : scanNumber(workspace);
  return {
    scan,
    enter() {
      if (target !== 'classes') return;
      let all = 0;
      let squares = 0;
      for (let k = 0; k < totals.length; k++) {
        const total = totals[k] as number;
        all += total;
        squares += total * total;
      }
      result[2] = all;
      result[3] = squares;
    },
    partition(begin, end, feature, cut) {
      const offset = feature * rows;
      let left = 2 * begin;
      let right = 0;
      for (let i = 2 * begin; i < 2 * end; i += 2) {
        const row = entries[i] as number;
        const tag = entries[i + 1] as number;
        const goesLeft = (codes[offset + row] as number) <= cut ? 2 : 0;
        // Both are written, one pointer moves: no branch to mispredict.
        entries[left] = row;
        entries[left + 1] = tag;
        spare[right] = row;
        spare[right + 1] = tag;
        left += goesLeft;
        right += 2 - goesLeft;
      }
      for (let i = 0; i < right; i++) entries[left + i] = spare[i] as number;
      return left / 2 - begin;
    },
  };
}

function scanBinary({ entries, codes, rows, counts, marks, totals, left, result }: Workspace): Kernels['scan'] {
  return (begin, end, feature) => {
    const offset = feature * rows;
    for (let i = 2 * begin; i < 2 * end; i += 2) {
      const code = codes[offset + (entries[i] as number)] as number;
      const tag = entries[i + 1] as number;
      const weight = tag & 0xffff;
      const at = 2 * code;
      counts[at] = (counts[at] as number) + weight;
      counts[at + 1] = (counts[at + 1] as number) + (tag >>> 16) * weight;
      marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << (code & 31));
    }
    const ones = totals[1] as number;
    const all = (totals[0] as number) + ones;
    const zeros = all - ones;
    let best = constant as number;
    let l = 0;
    let l1 = 0;
    let last = -1;
    for (let word = 0; word < marks.length; word++) {
      let bits = marks[word] as number;
      marks[word] = 0;
      while (bits !== 0) {
        const bin = 32 * word + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const weight = counts[2 * bin] as number;
        if (last >= 0) {
          const l0 = l - l1;
          const r1 = ones - l1;
          const r0 = zeros - l0;
          const gain = (l0 * l0 + l1 * l1) / l + (r0 * r0 + r1 * r1) / (r0 + r1);
          if (gain > best) {
            best = gain;
            result[0] = (last + bin - 1) >> 1;
            left[0] = l0;
            left[1] = l1;
          }
        }
        l += weight;
        l1 += counts[2 * bin + 1] as number;
        counts[2 * bin] = 0;
        counts[2 * bin + 1] = 0;
        last = bin;
      }
    }
    return best;
  };
}

function scanClasses({
  entries,
  codes,
  rows,
  counts,
  marks,
  totals,
  left,
  result,
  classes,
}: Workspace): Kernels['scan'] {
  // Beside the classes' weights stands their sum.
  const stride = binLanes(classes);
  const sofar = new Float64Array(classes);
  return (begin, end, feature) => {
    const offset = feature * rows;
    for (let i = 2 * begin; i < 2 * end; i += 2) {
      const code = codes[offset + (entries[i] as number)] as number;
      const tag = entries[i + 1] as number;
      const weight = tag & 0xffff;
      const at = code * stride;
      const own = at + 1 + (tag >>> 16);
      counts[at] = (counts[at] as number) + weight;
      counts[own] = (counts[own] as number) + weight;
      marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << (code & 31));
    }
    const all = result[2] as number;
    const squares = result[3] as number;
    sofar.fill(0);
    let best = constant as number;
    let l = 0;
    let lSquares = 0;
    let cross = 0;
    let last = -1;
    for (let word = 0; word < marks.length; word++) {
      let bits = marks[word] as number;
      marks[word] = 0;
      while (bits !== 0) {
        const bin = 32 * word + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const at = bin * stride;
        const weight = counts[at] as number;
        if (last >= 0) {
          // Whole numbers below 2⁵³, so any order of adding gives the same.
          const gain = lSquares / l + (squares - 2 * cross + lSquares) / (all - l);
          if (gain > best) {
            best = gain;
            result[0] = (last + bin - 1) >> 1;
            for (let k = 0; k < classes; k++) left[k] = sofar[k] as number;
          }
        }
        l += weight;
        counts[at] = 0;
        for (let k = 0; k < classes; k++) {
          const count = counts[at + 1 + k] as number;
          if (count === 0) continue;
          const before = sofar[k] as number;
          lSquares += count * (2 * before + count);
          cross += count * (totals[k] as number);
          sofar[k] = before + count;
          counts[at + 1 + k] = 0;
        }
        last = bin;
      }
    }
    return best;
  };
}

function scanNumber({ entries, codes, rows, sums, marks, totals, left, result, targets }: Workspace): Kernels['scan'] {
  return (begin, end, feature) => {
    const offset = feature * rows;
    for (let i = 2 * begin; i < 2 * end; i += 2) {
      const row = entries[i] as number;
      const code = codes[offset + row] as number;
      const weight = entries[i + 1] as number;
      const at = 2 * code;
      sums[at] = (sums[at] as number) + weight;
      sums[at + 1] = (sums[at + 1] as number) + weight * (targets[row] as number);
      marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << (code & 31));
    }
    const all = totals[0] as number;
    const sum = totals[1] as number;
    let best = constant as number;
    let l = 0;
    let s = 0;
    let last = -1;
    for (let word = 0; word < marks.length; word++) {
      let bits = marks[word] as number;
      marks[word] = 0;
      while (bits !== 0) {
        const bin = 32 * word + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        if (last >= 0) {
          const difference = s * all - sum * l;
          const gain = (difference * difference) / (l * (all - l));
          if (gain > best) {
            best = gain;
            result[0] = (last + bin - 1) >> 1;
            left[0] = l;
            left[1] = s;
          }
        }
        l += sums[2 * bin] as number;
        s += sums[2 * bin + 1] as number;
        sums[2 * bin] = 0;
        sums[2 * bin + 1] = 0;
        last = bin;
      }
    }
    return best;
  };
}
