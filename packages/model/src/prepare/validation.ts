/** Data that training does not learn from: a part of the given ones, or others. Loaded where there are such. */
import { type Data, DendriteError, type Label } from '@dendrite/spec';
import { takeExamples } from '../conversion/examples.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { splitIndices } from '../split/split.ts';
import { kindsOf } from './fit-preprocessing.ts';
import type { PrepareOptions } from './prepare.ts';
import { selectExamples } from './select-examples.ts';
import { type EncodedExamples, encodeTargets } from './targets.ts';

export async function ownData(
  validation: Data,
  labels: readonly Label[],
  preprocessing: Preprocessing,
  { capabilities, where }: PrepareOptions,
): Promise<EncodedExamples> {
  const place = `${where} validation`;
  const examples = await encodeTargets(
    await takeExamples(validation, place, kindsOf(preprocessing)),
    capabilities.task,
    capabilities.task === 'classification' ? labels : undefined,
    place,
  );
  if (examples.rows === 0) throw new DendriteError('DATA', `${place}: the data must have at least one row, got 0.`);
  return examples;
}

export async function split(
  all: EncodedExamples,
  fraction: number,
  { capabilities, key, where }: PrepareOptions,
): Promise<{ readonly train: EncodedExamples; readonly held: EncodedExamples }> {
  const codes = capabilities.task === 'classification' ? { codes: all.targets } : {};
  const parts = splitIndices({
    rows: all.rows,
    fraction,
    key: key.fork('validation'),
    where: `${where} validation`,
    ...codes,
  });
  return { train: selectExamples(all, parts.train), held: selectExamples(all, parts.held) };
}
