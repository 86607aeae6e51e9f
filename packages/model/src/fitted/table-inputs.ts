/** What a fitted model that reads columns is asked about, as its core reads it. */
import type { Batch, Numbers, Table } from '@dendrite/spec';
import { encodeColumns } from '../conversion/encode-columns.ts';
import type { Features } from '../conversion/features.ts';
import type { InputForms } from '../conversion/forms.ts';
import { rowRange } from '../table/row-range.ts';
import { type Answering, tableRules } from './trained.ts';

/** Encoded inputs, piece by piece, in the order of the rows. */
export interface EncodedInputs {
  readonly rows: number;
  pieces(): AsyncIterable<InputPiece>;
}
export interface InputPiece {
  readonly rows: number;
  /** Row-major, where all are plain numbers: who takes these need not ask for the input. */
  readonly numbers?: Numbers;
  input(): Batch | Table | Promise<Batch | Table>;
  readonly batch?: Batch;
}

export async function encodeTableInputs(
  features: Features,
  { definition, preprocessing }: Pick<Answering, 'definition' | 'preprocessing'>,
  where: string,
  forms: InputForms,
): Promise<EncodedInputs> {
  const { missing } = tableRules(definition);
  const size = definition.rowsAtOnce ?? 16_384;
  if (features.form !== 'values') {
    const table = await encodeColumns(features, preprocessing, missing, where, forms);
    return tablePieces(table.rows, size, () => table);
  }
  const { finiteValues, valueColumns } = await forms.values();
  const values = finiteValues(features, preprocessing, where);
  let table: Table | undefined;
  return tablePieces(features.rows, size, () => (table ??= valueColumns(values)), values.x.data);
}

function tablePieces(rows: number, size: number, table: () => Table, numbers?: Numbers): EncodedInputs {
  const width = numbers ? numbers.length / rows : 0;
  return {
    rows,
    async *pieces() {
      for (let begin = 0; begin < rows; begin += size) {
        const end = Math.min(rows, begin + size);
        const whole = end - begin === rows;
        yield {
          rows: end - begin,
          input: () => (whole ? table() : rowRange(table(), begin, end)),
          ...(numbers && { numbers: whole ? numbers : numbers.subarray(begin * width, end * width) }),
        };
      }
    },
  };
}
