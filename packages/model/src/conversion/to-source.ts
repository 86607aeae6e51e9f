/** Data in any form as a source of encoded rows: what networks train on, ready to be cut in batches. */
import { type Data, type DataSource, DendriteError, type LabelOf } from '@dendrite/spec';
import { fitPreprocessing } from '../prepare/fit-preprocessing.ts';
import { encode } from '../prepare/prepare.ts';
import { encodeTargets } from '../prepare/targets.ts';
import { takeExamples } from './examples.ts';

export interface ToSourceOptions {
  /** 'classification': targets become codes into sorted labels. 'regression': they stay numbers. */
  readonly task: 'classification' | 'regression';
  /** Numbers and dates of tables to mean 0 and deviation 1. Default false. */
  readonly standardise?: boolean;
}

/**
 * Numbers become float32 (raw uint8 and int32 stay), text one-hot features, booleans 0 and 1, dates milliseconds. A source is
 * returned as it is.
 * @throws DATA  for data that no model could learn from as they stand; it names row and column
 * @example
 * import { toSource } from '@dendrite/model';
 * const source = await toSource({ rows: [{ size: 1, pet: 'cat' }, { size: 9, pet: 'dog' }], target: 'pet' }, { task: 'classification' });
 * console.log(source.names, source.labels, source.targets()); // ['size'] ['cat', 'dog'] Int32Array [0, 1]
 */
export async function toSource<const D extends Data>(
  data: D,
  { task, standardise = false }: ToSourceOptions,
): Promise<DataSource<LabelOf<D>>> {
  const options = {
    capabilities: { task, data: 'batches' },
    missing: 'error',
    standardise,
    where: 'toSource()',
  } as const;
  const examples = await encodeTargets(await takeExamples(data, options.where), task, undefined, options.where);
  const encoded: object = await encode(examples, await fitPreprocessing(examples, options), options);
  if (!('batches' in encoded))
    throw new DendriteError('DATA', 'toSource(): the data must become a source, got columns.');
  // The labels are those of `data`, which is what LabelOf says.
  return encoded as DataSource<LabelOf<D>>;
}
