/** A series cut into windows: what was, and what came next. */
import { DendriteError } from '@dendrite/spec';
import { takeSequences } from '../sequence-models/sequences.ts';

/** A number, or one for each channel, at each time. */
export type Series = readonly number[] | readonly (readonly number[])[] | Float32Array | Float64Array;
export interface TakenSeries {
  readonly steps: number;
  readonly channels: number;
  at(t: number, c: number): number;
}

/** @throws DATA, SHAPE */
export function takeSeries(series: unknown, where: string): TakenSeries {
  const { lengths, channels, at } = takeSequences([series], where);
  const [steps = 0] = lengths;
  for (let t = 0; t < steps; t++)
    for (let c = 0; c < channels; c++)
      if (!Number.isFinite(at(0, t, c)))
        throw new DendriteError(
          'DATA',
          `${where}: the series must be finite numbers, got ${at(0, t, c)} at step ${t}${channels > 1 ? `, channel ${c}` : ''}. Fill the gap in.`,
        );
  return { steps, channels, at: (t, c) => at(0, t, c) };
}

/** A part of a series: `[begin, end)`. */
export const partOf = ({ channels, at }: TakenSeries, begin: number, end: number): TakenSeries => ({
  steps: end - begin,
  channels,
  at: (t, c) => at(begin + t, c),
});

/** How many windows a series has, each with all its targets. @throws DATA  if none */
export function windowCount(
  { steps }: TakenSeries,
  { window, horizon }: { readonly window: number; readonly horizon: number },
  where: string,
): number {
  const count = steps - window - horizon + 1;
  if (count < 1)
    throw new DendriteError(
      'DATA',
      `${where}: a series must have at least ${window + horizon} steps, its window of ${window} and its horizon of ${horizon}, got ${steps}. Give more, or choose a shorter window.`,
    );
  return count;
}
