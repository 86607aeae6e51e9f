/** Where a column's bins end: between values, so that each bin holds about as many. */

/** Codes of histogram bins are bytes, and the last is kept for missing values. */
export const mostBins = 255;

/** Ascending, at most 254; sorted values come in. */
export function quantileEdges(sorted: Float32Array): Float64Array {
  const edges = new Float64Array(mostBins - 1);
  const most = sorted.at(-1) as number;
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let k = 1; k < mostBins; k++) {
    const at = Math.floor((k * sorted.length) / mostBins);
    const [low, high] = [sorted[at - 1] as number, sorted[at] as number];
    // A long run of one value pushes the edge behind it.
    const edge = low < high ? between(low, high) : between(high, sorted[upperBound(sorted, high)] ?? high);
    if (edge <= last || edge >= most) continue;
    last = edge;
    edges[count++] = edge;
  }
  return edges.slice(0, count);
}

/** Where a question between two values cuts: half way, and never rounded up to `high`. */
export function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high && middle >= low ? middle : low;
}

function upperBound(sorted: Float32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
