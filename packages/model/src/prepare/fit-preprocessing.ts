/** What the inputs of a model are, learned from the training part, and what follows from it. */

import { DendriteError, type TensorSpec } from '@dendrite/spec';
import type { Examples } from '../conversion/examples.ts';
import { forms } from '../conversion/forms.ts';
import { fitTablePreprocessing, type Preprocessing } from '../preprocessing/preprocessing.ts';
import type { PrepareOptions } from './prepare.ts';

/** Shape and type of plain values; categories and scaling of columns. */
export async function fitPreprocessing(
  { features, target }: Examples,
  { capabilities, standardise, where }: Pick<PrepareOptions, 'capabilities' | 'standardise' | 'where'>,
): Promise<Preprocessing> {
  const batches = capabilities.data === 'batches';
  if (features.form === 'values') {
    return (await forms.values()).valuesPreprocessing(features.x, where);
  }
  if (features.form === 'source') {
    return (await forms.source()).sourcePreprocessing(features.source, batches, where);
  }
  if (features.table.columns.length === 0)
    throw new DendriteError('DATA', `${where}: the data must have a column besides the target, got none.`);
  return fitTablePreprocessing(features.table, {
    standardise: batches && standardise,
    oneHot: batches,
    where,
    ...(target !== undefined && { target }),
  });
}

/** The encoded example's shape and dtype, where a model reads batches. */
export function featureOf(preprocessing: Preprocessing): TensorSpec {
  if (preprocessing.kind === 'values') return { shape: preprocessing.shape, dtype: preprocessing.dtype };
  const width = preprocessing.columns.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
  return { shape: [width], dtype: 'float32' };
}

/** Kinds of columns by name, so that a column without values in new data is still understood. */
export function kindsOf(
  preprocessing: Preprocessing | undefined,
): ReadonlyMap<string, 'number' | 'category' | 'boolean' | 'date'> | undefined {
  return preprocessing?.kind === 'table'
    ? new Map(preprocessing.columns.map(({ name, kind }) => [name, kind]))
    : undefined;
}
