/**
 * Out-of-bag votes for classes. A pure leaf gives a whole vote; those are counted in small numbers, because the votes of all
 * rows are gone over for every tree. What other leaves give in fractions is summed apart.
 */
import { addLeaf } from '../predict/forest.ts';
import { countJudges } from './judges.ts';
import type { KeptVotes, VoteSettings, Votes } from './out-of-bag.ts';

/** Of a row that nobody has judged: no class has this code. */
const nobody = 0xffff;

export function classVotes(
  targets: ArrayLike<number>,
  { classes, trees, combine: asked }: VoteSettings,
  before?: KeptVotes,
): Votes {
  const rows = targets.length;
  const combine = asked === 'mode' ? 'mode' : 'mean';
  const judges = countJudges(rows, before?.judges);
  const counts = trees > 0xffff ? new Uint32Array(rows * classes) : new Uint16Array(rows * classes);
  if (before) counts.set(before.counts);
  let fractions = before && before.sums.length > 0 ? before.sums.slice() : undefined;
  // The class with the most votes of each row, the first of equal ones; and how many of those are the targets. Kept up to date
  // vote by vote, so that a score after every tree costs no pass over all rows.
  const codes = new Uint16Array(rows).fill(nobody);
  let right = 0;
  const setCode = (row: number, code: number): void => {
    const target = targets[row];
    right += Number(code === target) - Number(codes[row] === target);
    codes[row] = code;
  };
  const votesAt = (at: number): number => (counts[at] as number) + (fractions ? (fractions[at] as number) : 0);
  /** Works out a row's answer from all its votes. */
  const look = (row: number): void => {
    const first = row * classes;
    let [code, most] = [nobody, 0];
    for (let k = 0; k < classes; k++) {
      const votes = votesAt(first + k);
      if (votes > most) [code, most] = [k, votes];
    }
    setCode(row, code);
  };
  if (before) for (let row = 0; row < rows; row++) look(row);
  return {
    add(tree, judged, leaves) {
      judges.add(judged);
      for (let i = 0; i < judged.length; i++) {
        const row = judged[i] as number;
        const leaf = leaves[i] as number;
        const first = row * classes;
        if (leaf >= classes) {
          if (combine === 'mean') fractions ??= new Float64Array(rows * classes);
          addLeaf(combine === 'mean' && fractions ? fractions : counts, first, tree, leaf, classes, combine);
          look(row);
          continue;
        }
        const gained = (counts[first + leaf] as number) + 1;
        counts[first + leaf] = gained;
        // One class has gained, so it or the answer so far has the most.
        const code = codes[row] as number;
        if (code === leaf) continue;
        if (fractions) {
          look(row);
          continue;
        }
        const best = code === nobody ? 0 : (counts[first + code] as number);
        if (gained > best || (gained === best && leaf < code)) setCode(row, leaf);
      }
    },
    judged: judges.judged,
    score: () => right / judges.judged(),
    predictions: () => answersOf(codes, targets, classes),
    kept: () => ({
      judges: judges.counts.slice(),
      counts: Int32Array.from(counts),
      sums: fractions?.slice() ?? new Float64Array(0),
    }),
  };
}

/** The codes; a row that nobody has judged has the most frequent class. */
function answersOf(codes: Uint16Array, targets: ArrayLike<number>, classes: number): Uint16Array {
  const found = codes.slice();
  let row = found.indexOf(nobody);
  const guess = row < 0 ? 0 : mostFrequent(targets, classes);
  for (; row >= 0; row = found.indexOf(nobody, row + 1)) found[row] = guess;
  return found;
}

function mostFrequent(targets: ArrayLike<number>, classes: number): number {
  const counts = new Uint32Array(classes);
  for (let row = 0; row < targets.length; row++)
    counts[targets[row] as number] = (counts[targets[row] as number] as number) + 1;
  return counts.indexOf(Math.max(...counts));
}
