/** Where a question between two values cuts: half way, and never rounded up to `high`. */
export function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high && middle >= low ? middle : low;
}
