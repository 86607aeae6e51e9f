/** The scaling of inputs out of a file. */
import { DendriteError, type Json } from '@dendrite/spec';
import type { Scaling } from './scaling.ts';

/** @throws FORMAT */
export function scalingFrom(json: Json | undefined): Scaling {
  const { kind, mean, deviation } = (typeof json === 'object' && json !== null ? json : {}) as Readonly<
    Record<string, Json>
  >;
  if (kind === 'none' || kind === 'bytes') return { kind };
  const numbers = (list: Json | undefined): list is number[] =>
    Array.isArray(list) && list.every((each) => typeof each === 'number' && Number.isFinite(each));
  if (kind === 'standard' && numbers(mean) && numbers(deviation) && mean.length === deviation.length)
    return { kind, mean, deviation };
  throw new DendriteError(
    'FORMAT',
    `restore(): the scaling of the inputs must be none, bytes or standard, got ${JSON.stringify(json)}. The file is damaged.`,
  );
}
