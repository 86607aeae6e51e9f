/** Which direction of a measure is better, and whether a value is. */

export type Mode = 'min' | 'max';

/** More is better for accuracies, scores and R²; less for all else. */
export const modeOf = (monitor: string): Mode => (/accuracy|score|r2$|outOfBag/i.test(monitor) ? 'max' : 'min');

/** Whether `value` is better than `best` by more than `minDelta`; NaN never is, and every number is better than none. */
export function isBetter(value: number, best: number | undefined, mode: Mode, minDelta = 0): boolean {
  if (best === undefined) return !Number.isNaN(value);
  return mode === 'min' ? value < best - minDelta : value > best + minDelta;
}
