/** Few rows of objects that hold finite numbers and nothing else, read by name without a column made of them. */
import type { Inputs, Table } from '@dendrite/spec';
import { isRows } from '../conversion/features.ts';
import type { TablePreprocessing } from '../preprocessing/preprocessing.ts';
import type { Row } from '../table/table-from-rows.ts';
import type { EncodedInputs } from './table-inputs.ts';
import type { Answering } from './trained.ts';

/** More are read faster column by column. */
const fewRows = 8;

/**
 * Undefined for all other inputs, and those that something is wrong with.
 * @param table  reads them the other way, for models that want columns
 */
export function readObjects(
  inputs: Inputs,
  { definition, preprocessing }: Pick<Answering, 'definition' | 'preprocessing'>,
  table: () => Promise<Table>,
): EncodedInputs | undefined {
  const { rowsAtOnce = fewRows } = definition;
  if (preprocessing.kind !== 'table' || !isRows(inputs) || inputs.length > Math.min(fewRows, rowsAtOnce))
    return undefined;
  const numbers = numbersOf(inputs, preprocessing);
  const rows = inputs.length;
  return (
    numbers && {
      rows,
      async *pieces() {
        yield { rows, numbers, input: table };
      },
    }
  );
}

function numbersOf(rows: readonly Row[], { columns, target }: TablePreprocessing): Float64Array | undefined {
  const numbers = new Float64Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) {
    // What is inherited is no cell, and whatever is here beside the columns must be told.
    if (row === null || Object.getPrototypeOf(row) !== Object.prototype) return undefined;
    const others = Number(target !== undefined && Object.hasOwn(row, target));
    if (Object.keys(row).length !== columns.length + others) return undefined;
    for (const { name, kind } of columns) {
      const value = row[name];
      if (kind !== 'number' || typeof value !== 'number' || !Number.isFinite(value)) return undefined;
      numbers[at++] = value;
    }
  }
  return numbers;
}
