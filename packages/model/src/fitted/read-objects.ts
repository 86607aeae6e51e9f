/** Few rows of objects that hold finite numbers and nothing else, read by name without a column made of them. */
import type { Inputs } from '@dendrite/spec';
import { isRows } from '../conversion/features.ts';
import type { Preprocessing, TablePreprocessing } from '../preprocessing/preprocessing.ts';
import type { Row } from '../table/table-from-rows.ts';
import type { EncodedInputs } from './table-inputs.ts';

/** More are read faster column by column. */
const fewRows = 8;

/**
 * Undefined for all other inputs, and those that something is wrong with.
 * @param whole  reads them the other way, for models that want columns
 */
export function readObjects(
  inputs: Inputs,
  preprocessing: Preprocessing,
  whole: () => Promise<EncodedInputs>,
): EncodedInputs | undefined {
  if (preprocessing.kind !== 'table' || !isRows(inputs) || inputs.length > fewRows) return undefined;
  const numbers = numbersOf(inputs, preprocessing);
  return (
    numbers && {
      rows: inputs.length,
      numbers,
      async *pieces() {
        yield* (await whole()).pieces();
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
