/** What the inputs of a model are, learned from the training part, and what follows from it. */
import type { Examples } from '../conversion/examples.ts';
import { forms } from '../conversion/forms.ts';
import { fitTablePreprocessing, type Preprocessing } from '../preprocessing/preprocessing.ts';
import type { PrepareOptions } from './prepare.ts';

/** Loaded for models that read batches, and for tables without columns. */
const batching = () => import('../preprocessing/for-batches.ts');
const dataErrors = () => import('../conversion/data-errors.ts');

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
    return (await forms.source()).sourcePreprocessing(features.source, batches, where, fitTablePreprocessing);
  }
  if (features.table.columns.length === 0) throw (await dataErrors()).noColumns(where);
  const fitted = fitTablePreprocessing(features.table, target);
  return batches ? (await batching()).forBatches(fitted, features.table, { standardise, where }) : fitted;
}

/** Kinds of columns by name, so that a column without values in new data is still understood. */
export function kindsOf(
  preprocessing: Preprocessing | undefined,
): ReadonlyMap<string, 'number' | 'category' | 'boolean' | 'date'> | undefined {
  return preprocessing?.kind === 'table'
    ? new Map(preprocessing.columns.map(({ name, kind }) => [name, kind]))
    : undefined;
}
