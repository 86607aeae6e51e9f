/** How many insertions, deletions and substitutions turn one sequence into another. */

/**
 * Levenshtein's distance.
 * @param from, to  texts (compared by code point), or lists of words, phonemes, codes
 * @complexity  the product of both lengths in time, the length of `to` in memory
 * @source Levenshtein (1966); Wagner and Fischer (1974), The string-to-string correction problem
 * @example
 * import { editDistance } from '@dendrite/metrics';
 * editDistance('kitten', 'sitting'); // 3
 */
export function editDistance<T extends string | number | boolean>(
  from: string | readonly T[],
  to: string | readonly T[],
): number {
  const [a, b]: readonly (readonly unknown[])[] = [[...from], [...to]];
  if (a === undefined || b === undefined) return 0;
  // row[j] is the distance of a[0, i) and b[0, j).
  let row = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = new Uint32Array(b.length + 1);
    next[0] = i + 1;
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next[j + 1] = Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
