/** What the votes of a row come to where they are classes. */

/** Of a row that nobody has judged: no class has this code. */
export const nobody = 0xffff;

/** Codes as numbers; a row that nobody has judged has the most frequent class. */
export function answersOf(codes: Uint16Array, targets: ArrayLike<number>, classes: number): Float64Array {
  const found = new Float64Array(codes);
  let row = codes.indexOf(nobody);
  const guess = row < 0 ? 0 : mostFrequent(targets, classes);
  for (; row >= 0; row = codes.indexOf(nobody, row + 1)) found[row] = guess;
  return found;
}

function mostFrequent(targets: ArrayLike<number>, classes: number): number {
  const counts = new Uint32Array(classes);
  for (let row = 0; row < targets.length; row++)
    counts[targets[row] as number] = (counts[targets[row] as number] as number) + 1;
  return counts.indexOf(Math.max(...counts));
}
