/**
 * Preprocessing as plain JSON: what must be done to raw inputs before the model sees them. Fitted on the training part,
 * saved with the model, applied to everything it predicts for.
 */
import type { Column, Shape, Table } from '@dendrite/spec';

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

/** Learns the categories of a table of features. */
export function fitTablePreprocessing({ columns }: Table, target?: string): TablePreprocessing {
  return {
    kind: 'table',
    columns: columns.map(({ name, kind, categories = [] }) => ({
      ...{ name, kind },
      ...(kind === 'category' && { categories }),
    })),
    ...(target !== undefined && { target }),
  };
}
