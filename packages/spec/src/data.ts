/** Data: what people hold, and the two forms that models read. */
import type { HostKey, Shape, TensorSpec } from './tensor.ts';

/** What is predicted in classification; regression has numbers. */
export type Label = string | number | boolean;
export type Numbers = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array | Int8Array | Uint16Array;
export type Cell = number | string | boolean | Date | null | undefined;
export interface NestedValues extends ReadonlyArray<number | NestedValues> {}

/** Host data: nested rows, or a flat array *with* its shape. A bare Float32Array is ambiguous, hence not accepted. */
export type Values = NestedValues | { readonly data: Numbers; readonly shape: Shape };

/** `x` row by row with its targets. */
export interface ArrayData<T extends Label = Label> {
  readonly x: Values;
  readonly y: readonly T[] | Numbers;
  readonly sampleWeight?: ArrayLike<number>;
}
/**
 * What JavaScript people hold: an array of objects, and the name of the column to predict. Values are `Cell`s; the type asks for
 * no more than objects, because an interface has no index signature. What is in them is checked when it is read.
 */
export interface RowData<R extends object = object, K extends string = string> {
  readonly rows: readonly R[];
  readonly target: K;
  readonly sampleWeight?: ArrayLike<number>;
}
/** A typed, named column. `missing[i]` = 1 where the value is not known. Categorical values are codes into `categories`. */
export interface Column {
  readonly name: string;
  readonly kind: 'number' | 'category' | 'boolean' | 'date';
  readonly values: Numbers;
  readonly missing?: Uint8Array;
  readonly categories?: readonly string[];
}
/** Named typed columns of equal length. */
export interface Table {
  readonly '~dendrite': 'table';
  readonly rows: number;
  readonly columns: readonly Column[];
}
export interface TableData {
  readonly table: Table;
  readonly target: string;
  readonly sampleWeight?: ArrayLike<number>;
}

/** `y` holds codes into the source's `labels`, or plain targets where there are none. Valid until the next batch is asked for. */
export interface Batch {
  readonly rows: number;
  readonly x: { readonly data: Numbers; readonly shape: Shape };
  readonly y?: Numbers;
  readonly sampleWeight?: Float32Array;
}
export interface BatchOptions {
  readonly size: number;
  readonly epoch: number;
  /** Shuffles when given; the order is a pure function of (key, epoch). */
  readonly shuffle?: HostKey;
  /** Batches to leave out at the start: resumes mid-epoch. */
  readonly skip?: number;
}
/** `T` is the type of the labels; `T = number` with no `labels` is regression. */
export interface DataSource<T extends Label = Label> {
  readonly '~dendrite': 'data';
  readonly rows: number;
  /** One example, without the batch axis. */
  readonly feature: TensorSpec;
  readonly labels?: readonly T[];
  /** Names of the features, where they have any. */
  readonly names?: readonly string[];
  /** Changes when the data change (a hash of bytes, shapes and labels, 64 hex digits). */
  fingerprint(): Promise<string>;
  /** May be asked for some batches ahead of the steps that they are for, while nobody is told of single steps. */
  batches(options: BatchOptions): AsyncIterable<Batch>;
  /** The rows at these indices, in this order, as a source of its own that shares the bytes. */
  select(indices: Uint32Array): DataSource<T>;
  /** Every target, in the order of the rows: codes into `labels`, or plain targets. */
  targets(): Numbers;
  /** Column by column, for trees. */
  columns?(): Table;
}

/** All that `fit` and `evaluate` take. */
export type Data<T extends Label = Label> = ArrayData<T> | DataSource<T> | RowData | TableData;

/** The label type of data: a row's target property, an array's element, a source's `T`; regression and untyped tables give `Label`. */
export type LabelOf<D> = D extends { readonly rows: readonly (infer R)[]; readonly target: infer K }
  ? K extends keyof R
    ? Extract<R[K], Label>
    : Label
  : D extends { readonly y: readonly (infer Y)[] }
    ? Extract<Y, Label>
    : D extends { readonly y: Numbers }
      ? number
      : D extends DataSource<infer T>
        ? T
        : Label;
