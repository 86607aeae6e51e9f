/** A threshold in as few digits as split the values of training alike. */
import type { Bins } from '../binning/bins.ts';
import { between } from '../binning/quantile-edges.ts';

/** Values from `low` to below `high` split as the threshold does: no value of training lies between. */
interface Room {
  readonly low: number;
  readonly high: number;
}

/** @param exact  the threshold stands in the tree itself, not among the edges */
export function thresholdText(threshold: number, bins: Bins | undefined, exact: boolean, date: boolean): string {
  const room = bins ? roomAround(threshold, bins, exact) : { low: threshold, high: threshold };
  return date ? dateText(threshold, room) : numberText(threshold, room);
}

function numberText(threshold: number, room: Room): string {
  for (let digits = 6; digits < 17; digits++) {
    const short = Number(threshold.toPrecision(digits));
    if (splitsAlike(short, threshold, room)) return String(short);
  }
  return String(threshold);
}

const day = 864e5;
const farthestDate = 8.64e15;

/** A day, a minute, or a millisecond, of UTC. */
function dateText(threshold: number, room: Room): string {
  if (!(Math.abs(threshold) < farthestDate - day)) return String(threshold);
  const textOf = (milliseconds: number): string => new Date(Math.floor(milliseconds)).toISOString();
  const text = textOf(threshold);
  const short = [text.slice(0, 10), textOf(threshold + day).slice(0, 10), `${text.slice(0, 16)}Z`];
  return short.find((each) => splitsAlike(Date.parse(each), threshold, room)) ?? text;
}

const splitsAlike = (value: number, threshold: number, { low, high }: Room): boolean =>
  value === threshold || (value >= low && value < high);

function roomAround(threshold: number, { centers, edges }: Bins, exact: boolean): Room {
  // Of many values the bins know the edges alone; of a tree of another library nothing.
  const known =
    centers.length > 1 &&
    (exact || edges.every((edge, i) => edge === between(centers[i] as number, centers[i + 1] as number)));
  if (!known) return { low: threshold, high: threshold };
  let [low, high] = [0, centers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((centers[middle] as number) <= threshold) low = middle + 1;
    else high = middle;
  }
  return { low: centers[low - 1] ?? threshold, high: centers[low] ?? threshold };
}
