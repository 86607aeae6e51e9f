/** Features as a model with `data: 'columns'` reads them: a table of aligned columns. */
import type { Table } from '@dendrite/spec';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import type { Features } from './features.ts';
import type { InputForms } from './forms.ts';

export async function encodeColumns(
  features: Features,
  preprocessing: Preprocessing,
  missing: 'error' | 'mask',
  where: string,
  { values, named, source }: InputForms,
): Promise<Table> {
  if (features.form === 'values') {
    const { finiteValues, valueColumns } = await values();
    return valueColumns(finiteValues(features, preprocessing, where));
  }
  const rules = { missing, where };
  if (features.form === 'table') return (await named()).namedColumns(features.table, preprocessing, rules);
  return (await source()).columnsOfSource(features.source, preprocessing, rules);
}
