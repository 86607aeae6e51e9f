/** Features as a model with `data: 'columns'` reads them: a table of aligned columns. */
import type { Table } from '@dendrite/spec';
import { checkFinite } from '../array-source/check-finite.ts';
import { sourceColumns } from '../array-source/source-columns.ts';
import { alignTable } from '../preprocessing/encode-table.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { asTablePlan, checkedValues, checkFeature, type TrainedValues } from './as-trained.ts';
import type { Features } from './features.ts';
import { sourceTable } from './source-table.ts';

export async function encodeColumns(
  features: Features,
  preprocessing: Preprocessing,
  missing: 'error' | 'mask',
  where: string,
): Promise<Table> {
  if (features.form === 'values') return valueColumns(checkedValues(features, preprocessing, where));
  const table = features.form === 'table' ? features.table : await sourceTable(features.source);
  if (features.form !== 'source' || preprocessing.kind !== 'values')
    return alignTable(table, asTablePlan(preprocessing, where), { missing, where });
  const { shape } = preprocessing;
  checkFeature(features.source.feature.shape, preprocessing, where);
  // Without names, place decides: sourceTable calls the elements of an example x0, x1, … then, and so does the plan.
  const flat: Preprocessing = { ...preprocessing, shape: [shape.reduce((product, n) => product * n, 1)] };
  return alignTable(table, asTablePlan(flat, where), { missing, where });
}

function valueColumns({ x: { data, shape }, names }: TrainedValues): Table {
  const [rows = 0, ...example] = shape;
  const width = example.reduce((size, length) => size * length, 1);
  checkFinite(data, width, names);
  return sourceColumns({ data, width, ...(names && { names }) }, undefined, rows);
}
