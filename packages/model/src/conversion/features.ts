/** Inputs in any form, told apart: an array with its shape, a table, or a source. Nothing is scaled or coded yet. */
import type { Column, DataSource, Inputs, Numbers, Shape, Table, Values } from '@dendrite/spec';
import type { Row } from '../table/table-from-rows.ts';
import type { InputForms } from './forms.ts';

export type Features =
  | { readonly form: 'values'; readonly rows: number; readonly x: { readonly data: Numbers; readonly shape: Shape } }
  | { readonly form: 'table'; readonly rows: number; readonly table: Table }
  | { readonly form: 'source'; readonly rows: number; readonly source: DataSource };

/**
 * @throws DATA  for ragged or foreign values; SHAPE for a shape that does not fit its data; it names the row
 */
export async function takeFeatures(
  inputs: Inputs,
  where: string,
  kinds: ReadonlyMap<string, Column['kind']> | undefined,
  { named, table, values }: Pick<InputForms, 'named' | 'table' | 'values'>,
): Promise<Features> {
  if (isBranded(inputs, 'data')) return { form: 'source', rows: inputs.rows, source: inputs };
  if (isBranded(inputs, 'table'))
    return { form: 'table', rows: inputs.rows, table: (await table()).checkedTable(inputs, where) };
  if (isRows(inputs)) {
    const { tableFromRows } = await named();
    return { form: 'table', rows: inputs.length, table: tableFromRows(inputs, { where, ...(kinds && { kinds }) }) };
  }
  const x = (await values()).takeValues(inputs as Values, where);
  return { form: 'values', rows: x.shape[0] ?? 0, x };
}

/** Whether inputs are objects, one a row. */
export function isRows(inputs: Inputs): inputs is readonly Row[] {
  if (!Array.isArray(inputs)) return false;
  const first: unknown = inputs[0];
  return typeof first === 'object' && first !== null && !Array.isArray(first) && !ArrayBuffer.isView(first);
}

/** Whether a value carries this brand of ours. */
export function isBranded<B extends 'data' | 'table'>(
  value: unknown,
  brand: B,
): value is B extends 'data' ? DataSource : Table {
  return typeof value === 'object' && value !== null && '~dendrite' in value && value['~dendrite'] === brand;
}
