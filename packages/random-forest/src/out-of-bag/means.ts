/** What the votes of a row come to where they are numbers. */

/** Their mean; nobody's vote by no vote is NaN. */
export function meansOf(sums: Float64Array, judges: Int32Array): Float64Array {
  const found = new Float64Array(sums.length);
  for (let row = 0; row < found.length; row++) found[row] = (sums[row] as number) / (judges[row] as number);
  return found;
}
