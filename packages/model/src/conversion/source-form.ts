/** Sources as inputs: what models read of them that take whole columns, and their targets. */
import { type DataSource, DendriteError, type Label, type Table } from '@dendrite/spec';
import { labelCodes, showLabel } from '../labels/label-codes.ts';
import { relabelled } from '../labels/relabelled.ts';
import { alignTable } from '../preprocessing/align-table.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { asTablePlan } from './as-table-plan.ts';
import { checkFeature, storedDtype } from './as-trained.ts';
import { checkedWidth } from './checked-width.ts';
import { sourceTable, sourceWeights } from './source-table.ts';

export { sourceWeights };

/** What a source says of its inputs. */
export async function sourcePreprocessing(
  source: DataSource,
  batches: boolean,
  where: string,
  ofTable: (table: Table) => Preprocessing,
): Promise<Preprocessing> {
  const { feature, names, columns } = source;
  const table = batches || !columns ? undefined : await sourceTable(source);
  // Columns of text or with gaps need their own plan; plain numbers are known by their place as well as by name.
  if (table?.columns.some(({ kind, missing }) => kind !== 'number' || missing)) return ofTable(table);
  const dtype = storedDtype(feature.dtype);
  return checkedWidth({ kind: 'values', shape: feature.shape, dtype, ...(names && { names }) }, where);
}

/** Its columns, as in training. */
export async function columnsOfSource(
  source: DataSource,
  preprocessing: Preprocessing,
  rules: { readonly missing: 'error' | 'mask'; readonly where: string },
): Promise<Table> {
  const table = await sourceTable(source);
  if (preprocessing.kind !== 'values') return alignTable(table, asTablePlan(preprocessing, rules.where), rules);
  const { shape } = preprocessing;
  checkFeature(source.feature.shape, preprocessing, rules.where);
  // Without names, place decides: sourceTable calls the elements of an example x0, x1, … then, and so does the plan.
  const flat: Preprocessing = { ...preprocessing, shape: [shape.reduce((product, n) => product * n, 1)] };
  return alignTable(table, asTablePlan(flat, rules.where), rules);
}

/** The source with `known` labels, or its own, for labels. */
export function labelledSource(
  source: DataSource,
  known: readonly Label[] | undefined,
  where: string,
): { readonly source: DataSource; readonly labels: readonly Label[] } {
  const labels = known ?? source.labels ?? labelCodes(Array.from(source.targets()), where).labels;
  return { source: relabelled(source, labels, where), labels };
}

/** @throws DATA  where a source has labels */
export function checkNumbers(source: DataSource, where: string): void {
  if (source.labels)
    throw new DendriteError(
      'DATA',
      `${where}: a regression model needs numbers to predict, got a source with labels ${source.labels.slice(0, 3).map(showLabel).join(', ')}. Use a classifier.`,
    );
}
