/** The first training rows, kept until a probe is made of them: who never saves need not load what makes it. */
import type { Capabilities, Column, Numbers, Shape, Table } from '@dendrite/spec';
import { rowsOf } from '../array-source/rows-of.ts';
import type { TrainingData } from '../definition/definition.ts';

/** Loaded for models that read batches. */
const sampling = () => import('./first-examples.ts');

export const probedRows = 64;

export type ProbeRows =
  /** Of a source its first examples, one behind the other. */
  | { readonly rows: number; readonly data: Numbers; readonly example: Shape }
  /** Of a table the values of each column, without those that are missing. */
  | { readonly columns: readonly Column['values'][] };

/** Copies, for the data are the caller's. */
export async function probeRows(data: TrainingData<Capabilities['data']>): Promise<ProbeRows> {
  if (!('batches' in data)) return { columns: (await firstRows(data.table)).columns.map(knownValues) };
  return (await sampling()).firstExamples(data);
}

/** Of an array the first rows alone, whose columns are soon copied. */
async function firstRows(table: Table): Promise<Table> {
  const data = rowsOf(table);
  if (data === undefined) return table;
  const { sourceColumns } = await import('../array-source/source-columns.ts');
  const [rows, width] = [Math.min(probedRows, table.rows), table.columns.length];
  return sourceColumns({ data: data.subarray(0, rows * width), width }, undefined, rows);
}

function knownValues({ values, missing }: Column): Column['values'] {
  const known = values.slice(0, probedRows);
  let count = 0;
  known.forEach((value, i) => {
    if (!missing?.[i] && !Number.isNaN(value)) known[count++] = value;
  });
  return known.subarray(0, count);
}
