/** Codes of few rows of plain numbers, row by row as they came: for wide tables making columns would take longer than the trees. */
import type { Numbers } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';
import { lowerBound } from '../binning/encode-column.ts';

/** More rows are encoded faster column by column. */
const fewRows = 8;

/** Undefined where columns are better, or there are categories. */
export type NumberCodes = (numbers: Numbers, rows: number) => Uint8Array | undefined;

/** @param bins  of a histogram: codes are bytes */
export function numberCodes(bins: readonly Bins[]): NumberCodes {
  const numbersOnly = bins.every(({ kind }) => kind === 'number');
  // As in binning/encode-column.ts.
  const bytes = bins.every(({ missing }) => missing < 0);
  return (numbers, rows) => {
    if (bytes && numbers instanceof Uint8Array) return numbers;
    if (!numbersOnly || rows > fewRows) return undefined;
    const codes = new Uint8Array(numbers.length);
    for (let i = 0, f = 0; i < codes.length; i++, f++) {
      if (f === bins.length) f = 0;
      codes[i] = lowerBound((bins[f] as Bins).edges, numbers[i] as number);
    }
    return codes;
  };
}
