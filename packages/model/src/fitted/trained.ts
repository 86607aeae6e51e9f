/** What is known of a trained model besides its core; everything that a fitted model does reads from here. */
import type {
  Batch,
  Capabilities,
  DataSource,
  Label,
  ProgressEvent,
  Runtime,
  SavedArray,
  SavedHeader,
  Table,
  Tree,
} from '@dendrite/spec';
import { encodeColumns, encodeSource } from '../conversion/encode.ts';
import type { Features } from '../conversion/features.ts';
import type { FittedCore, ModelDefinition } from '../definition/definition.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { rowRange } from '../table/table.ts';

/** A definition whose type parameters are forgotten: inside, capabilities are read at run time. */
export type AnyDefinition = ModelDefinition<Capabilities, object, object>;
export type AnyCore = FittedCore<Capabilities> & {
  importance?(kind: 'impurity' | 'permutation'): unknown;
  readonly outOfBag?: { readonly score: number; readonly predictions: ArrayLike<number> };
  readonly params?: Tree;
  readonly state?: Tree;
};

export interface Trained {
  readonly definition: AnyDefinition;
  readonly core: AnyCore;
  readonly labels: readonly Label[];
  readonly preprocessing: Preprocessing;
  readonly history: readonly ProgressEvent[];
  readonly stopped?: string;
  readonly seed: number;
  /** The training data's fingerprint. */
  readonly fingerprint: string;
  readonly packages: SavedHeader['packages'];
  /** Inputs whose output is saved with the model. */
  readonly probe?: SavedArray;
  readonly runtime?: Runtime;
}

/** Numbers of tables are scaled for models that read batches, unless their definition says otherwise. */
export function tableRules({ tables, capabilities }: AnyDefinition): {
  readonly standardise: boolean;
  readonly missing: 'error' | 'mask';
} {
  const batches = capabilities.data === 'batches';
  return { standardise: tables?.standardise ?? batches, missing: batches ? 'error' : (tables?.missing ?? 'error') };
}

/** Encoded inputs, piece by piece, in the order of the rows. */
export interface EncodedInputs {
  readonly rows: number;
  pieces(): AsyncIterable<{ readonly rows: number; readonly input: Batch | Table; readonly batch?: Batch }>;
}

export async function encodeInputs(
  features: Features,
  { definition, preprocessing }: Pick<Trained, 'definition' | 'preprocessing'>,
  where: string,
): Promise<EncodedInputs> {
  const columns = definition.capabilities.data === 'columns';
  const size = definition.rowsAtOnce ?? (columns ? 16_384 : 256);
  if (columns)
    return tablePieces(await encodeColumns(features, preprocessing, tableRules(definition).missing, where), size);
  return sourcePieces(await encodeSource(features, preprocessing, where), size);
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
function sourcePieces(source: DataSource, size: number): EncodedInputs {
  return {
    rows: source.rows,
    async *pieces() {
      for await (const batch of source.batches({ size, epoch: 0 })) yield { rows: batch.rows, input: batch, batch };
    },
  };
}
