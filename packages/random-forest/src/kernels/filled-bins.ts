/** Which bins the rows of a node have filled, in order. */

/** One bit a bin, 32 bins a word; all zero between calls. */
export const makeMarks = (): Int32Array => new Int32Array(8);
/** Room for the numbers of all bins. */
export const makeFound = (): Int32Array => new Int32Array(256);

/** Nodes of more rows fill most bins: looking at all of them costs less than marking them row by row. */
export const manyRows = 160;

/** Writes the marked bins to `found` and takes the marks away; gives how many there are. @param words  one bit a word with marks */
export function markedBins(marks: Int32Array, words: number, found: Int32Array): number {
  let count = 0;
  for (let rest = words; rest !== 0; rest &= rest - 1) {
    const word = 31 - Math.clz32(rest & -rest);
    for (let bits = marks[word] as number; bits !== 0; bits &= bits - 1)
      found[count++] = 32 * word + 31 - Math.clz32(bits & -bits);
    marks[word] = 0;
  }
  return count;
}

/** Writes the bins that hold something to `found`; gives how many there are. */
export function heldBins(held: Int32Array, found: Int32Array): number {
  let count = 0;
  for (let bin = 0; bin < 256; bin++) {
    const here = held[bin] as number;
    found[count] = bin;
    // One for anything but zero, without a branch.
    count += (here | (0 - here)) >>> 31;
  }
  return count;
}
