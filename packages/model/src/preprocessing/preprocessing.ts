/**
 * Preprocessing as plain JSON: what must be done to raw inputs before the model sees them. Fitted on the training part,
 * saved with the model, applied to everything it predicts for.
 */
import { type Column, DendriteError, type Shape, type Table } from '@dendrite/spec';

/** Inputs are examples of one shape; nothing is changed but the element type. */
export interface ValuesPreprocessing {
  readonly kind: 'values';
  /** One example. */
  readonly shape: Shape;
  readonly dtype: 'float32' | 'uint8' | 'int32';
  readonly names?: readonly string[];
}
/** Inputs are rows with these columns, found by name, in any order. */
export interface TablePreprocessing {
  readonly kind: 'table';
  /** Columns in this order make the features. */
  readonly columns: readonly ColumnPreprocessing[];
  /** The column that was predicted: ignored where it is among the inputs. */
  readonly target?: string;
}
export interface ColumnPreprocessing {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Category columns: a value's place in here is its code; networks get one 0-or-1 feature for each. */
  readonly categories?: readonly string[];
  /** `(value − mean) / deviation`, where standardised. */
  readonly mean?: number;
  readonly deviation?: number;
}
export type Preprocessing = ValuesPreprocessing | TablePreprocessing;

/** One-hot columns wider than this are almost surely names or ids. */
const mostCategories = 1000;

/** Learns categories and (with `standardise`) means and deviations from a table of features. */
export function fitTablePreprocessing(
  table: Table,
  {
    standardise,
    oneHot,
    target,
    where,
  }: { readonly standardise: boolean; readonly oneHot: boolean; readonly target?: string; readonly where: string },
): TablePreprocessing {
  const columns = table.columns.map((column): ColumnPreprocessing => {
    const { name, kind, categories = [] } = column;
    if (kind === 'category') {
      if (oneHot && categories.length > mostCategories) {
        throw new DendriteError(
          'DATA',
          `${where}: a column of text must have at most ${mostCategories} different values, got ${categories.length} in '${name}'. Leave out names and ids.`,
        );
      }
      return { name, kind, categories };
    }
    if (kind === 'boolean' || !standardise) return { name, kind };
    return { name, kind, ...moments(column) };
  });
  return { kind: 'table', columns, ...(target !== undefined && { target }) };
}

/** Mean and population deviation of the known values, in two passes; 0 and 1 where there is no spread. */
function moments({ values, missing }: Column): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++)
    if (!missing?.[i]) {
      sum += values[i] as number;
      count++;
    }
  const mean = count > 0 ? sum / count : 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (!missing?.[i]) squares += ((values[i] as number) - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, count));
  // Rounding leaves a constant column like 0.1 with a deviation near 1e-17: dividing by it would blow noise up.
  return { mean, deviation: deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? deviation : 1 };
}
