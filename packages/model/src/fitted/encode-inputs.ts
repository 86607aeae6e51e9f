/** What a fitted model is asked about, as its core reads it. */
import type { Batch, DataSource, Table } from '@dendrite/spec';
import { encodeColumns } from '../conversion/encode-columns.ts';
import type { Features } from '../conversion/features.ts';
import { rowRange } from '../table/table.ts';
import { type Answering, tableRules } from './trained.ts';

/** Encoded inputs, piece by piece, in the order of the rows. */
export interface EncodedInputs {
  readonly rows: number;
  pieces(): AsyncIterable<{ readonly rows: number; readonly input: Batch | Table; readonly batch?: Batch }>;
}

export type EncodeInputs = (
  features: Features,
  by: Pick<Answering, 'definition' | 'preprocessing'>,
  where: string,
) => Promise<EncodedInputs>;

export const encodeInputs: EncodeInputs = async (features, by, where) => {
  const { definition, preprocessing } = by;
  if (definition.capabilities.data === 'columns') return encodeTableInputs(features, by, where);
  // Models that read columns need not load what makes batches.
  const { encodeSource } = await import('../conversion/encode-source.ts');
  return sourcePieces(await encodeSource(features, preprocessing, where), definition.rowsAtOnce ?? 256);
};

/** For models that read columns. */
export const encodeTableInputs: EncodeInputs = async (features, { definition, preprocessing }, where) =>
  tablePieces(
    await encodeColumns(features, preprocessing, tableRules(definition).missing, where),
    definition.rowsAtOnce ?? 16_384,
  );

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
function sourcePieces(source: DataSource, size: number): EncodedInputs {
  return {
    rows: source.rows,
    async *pieces() {
      for await (const batch of source.batches({ size, epoch: 0 })) yield { rows: batch.rows, input: batch, batch };
    },
  };
}
