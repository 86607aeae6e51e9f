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
  /** Row-major, where all are plain numbers: who takes these has no use for the pieces. */
  readonly numbers?: Numbers;
  pieces(): AsyncIterable<{ readonly rows: number; readonly input: Batch | Table; readonly batch?: Batch }>;
}
/** Most rows that a model which reads columns gets at once. */
export const rowsAtOnce = 16_384;

export async function encodeTableInputs(
  features: Features,
  { definition, preprocessing }: Pick<Answering, 'definition' | 'preprocessing'>,
  where: string,
  forms: InputForms,
): Promise<EncodedInputs> {
  const { missing } = tableRules(definition);
  const size = definition.rowsAtOnce ?? rowsAtOnce;
  if (features.form !== 'values')
    return tablePieces(await encodeColumns(features, preprocessing, missing, where, forms), size);
  const { finiteValues, valueColumns } = await forms.values();
  const values = finiteValues(features, preprocessing, where);
  return {
    rows: features.rows,
    numbers: values.x.data,
    pieces: () => tablePieces(valueColumns(values), size).pieces(),
  };
}

function tablePieces(table: Table, size: number): EncodedInputs {
  return {
    rows: table.rows,
    async *pieces() {
      if (table.rows > 0 && table.rows <= size) {
        yield { rows: table.rows, input: table };
        return;
      }
      for (let begin = 0; begin < table.rows; begin += size) {
        const end = Math.min(table.rows, begin + size);
        yield { rows: end - begin, input: rowRange(table, begin, end) };
      }
    },
  };
}
