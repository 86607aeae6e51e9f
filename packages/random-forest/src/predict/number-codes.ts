/** Codes of few rows of plain numbers, row by row as they came: for wide tables making columns would take longer than the trees. */
import type { Numbers } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';

/** More rows are encoded faster column by column. */
const fewRows = 8;
const room = 256;

/** Undefined where columns are better, or there are categories. */
export type NumberCodes = (numbers: Numbers, rows: number) => Uint8Array | undefined;

export function numberCodes(bins: readonly Bins[]): NumberCodes {
  const numbersOnly = bins.every(({ kind, edges }) => kind === 'number' && edges.length < room);
  // As in binning/encode-column.ts.
  const bytes = bins.every(({ missing }) => missing < 0);
  let edges: Float64Array | undefined;
  return (numbers, rows) => {
    if (bytes && numbers instanceof Uint8Array) return numbers;
    if (!numbersOnly || rows > fewRows) return undefined;
    edges ??= laidOut(bins);
    const codes = new Uint8Array(numbers.length);
    for (let i = 0, first = -1; i < codes.length; i++, first += room) {
      if (first + 1 === edges.length) first = -1;
      const value = numbers[i] as number;
      let place = first;
      for (let step = room / 2; step > 0; step >>= 1) if ((edges[place + step] as number) < value) place += step;
      codes[i] = place - first;
    }
    return codes;
  };
}

/** The edges of all columns, each filled up with infinity. */
function laidOut(bins: readonly Bins[]): Float64Array {
  const all = new Float64Array(room * bins.length).fill(Number.POSITIVE_INFINITY);
  bins.forEach(({ edges }, f) => void all.set(edges, f * room));
  return all;
}
