/** The middle of numbers that are in order; of an even number of them the mean of the two in the middle, of none NaN. */
export function medianOf(ordered: ArrayLike<number>): number {
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? Number.NaN) + upper) / 2;
}
