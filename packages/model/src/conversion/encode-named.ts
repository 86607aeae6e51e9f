/** Features that come in columns, or whose columns have names, as a source of encoded rows. */
import type { DataSource } from '@dendrite/spec';
import { arraySource } from '../array-source/array-source.ts';
import { alignTable } from '../preprocessing/align-table.ts';
import { encodedNames, encodedWidth, encodeTable } from '../preprocessing/encode-table.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { asTablePlan } from './as-table-plan.ts';
import { asDtype } from './as-trained.ts';
import type { RowParts } from './encode-source.ts';
import type { Features } from './features.ts';
import { sourceTable } from './source-table.ts';

export async function encodeNamed(
  features: Exclude<Features, { readonly form: 'values' }>,
  preprocessing: Preprocessing,
  where: string,
  parts: RowParts,
): Promise<DataSource> {
  const table = features.form === 'table' ? features.table : await sourceTable(features.source);
  const plan = asTablePlan(preprocessing, where);
  const data = encodeTable(alignTable(table, plan, { missing: 'error', where }), plan);
  if (preprocessing.kind === 'table')
    return arraySource(
      { ...parts, x: { data, shape: [table.rows, encodedWidth(plan)] }, names: encodedNames(plan) },
      where,
    );
  const { shape, names } = preprocessing;
  return arraySource(
    {
      ...parts,
      x: { data: asDtype(data, preprocessing, where), shape: [table.rows, ...shape] },
      ...(names && { names }),
    },
    where,
  );
}
