/** The scale of a series: learned from the part that is trained on, saved with the model. */
import { DendriteError, type Json } from '@dendrite/spec';
import { fieldsOf } from '../sequence-models/sequence-form.ts';
import type { TakenSeries } from './windows.ts';

/** `(x − mean) / deviation`, channel by channel. */
export interface SeriesScale {
  readonly channels: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export function fitScale({ steps, channels, at }: TakenSeries): SeriesScale {
  const all = Array.from({ length: channels }, (_, c) => Array.from({ length: steps }, (__, t) => at(t, c)));
  const mean = all.map((values) => values.reduce((sum, value) => sum + value / steps, 0));
  const deviation = all.map((values, c) => {
    const centre = mean[c] ?? 0;
    const root = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2 / steps, 0));
    return root > 1e-9 * Math.max(1, Math.abs(centre)) ? root : 1;
  });
  return { channels, mean, deviation };
}

export const scaleJson = ({ channels, mean, deviation }: SeriesScale): Json => ({ channels, mean, deviation });

/** @throws FORMAT */
export function scaleFrom(json: Json | undefined): SeriesScale {
  const { channels, mean, deviation } = fieldsOf(json);
  const numbers = (list: Json | undefined): list is number[] =>
    Array.isArray(list) && list.length === channels && list.every((each) => Number.isFinite(each));
  if (typeof channels === 'number' && numbers(mean) && numbers(deviation)) return { channels, mean, deviation };
  throw new DendriteError(
    'FORMAT',
    `restore(): the scale of the series must be { channels, mean, deviation }, got ${JSON.stringify(json)?.slice(0, 120)}. The file is damaged.`,
  );
}
