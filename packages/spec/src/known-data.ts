/**
 * What the compiler knows of data: which columns can be the target, what rows to predict for hold, which classes can be weighed.
 * Of data whose types say little (rows of a CSV file, of JSON, a table) it asks nothing; they are checked when they are read.
 */
import type { DataSource, Label, RowData, Table, Values } from './data.ts';
import type { Capabilities } from './model.ts';

/**
 * What `fit` asks of data besides their form: `fit<D extends Data>(data: D & Learnable<C, D>)`. The target is a column of the rows;
 * where numbers are learned, it holds some.
 */
export type Learnable<C extends Capabilities, D> = TargetIsColumn<D> &
  (C['task'] extends 'regression' ? TargetIsNumber<D> : unknown);

type TargetIsColumn<D> =
  D extends RowData<infer R, infer K>
    ? { readonly target: keyof R | (string extends K ? string : never) | (IsLoose<R> extends true ? string : never) }
    : unknown;
type TargetIsNumber<D> =
  D extends RowData<infer R, infer K>
    ? K extends keyof R
      ? HasNumbers<R[K]> extends true
        ? unknown
        : { readonly target: MustHoldNumbers<ColumnsOfNumbers<R>> }
      : unknown
    : D extends { readonly y: readonly (infer Y)[] }
      ? HasNumbers<Y> extends true
        ? unknown
        : { readonly y: readonly number[] }
      : D extends DataSource<infer T>
        ? HasNumbers<T> extends true
          ? unknown
          : DataSource<number>
        : unknown;

/** Rows whose columns the compiler does not know. */
type IsLoose<R> = string extends keyof R ? true : [keyof R] extends [never] ? true : false;
type HasNumbers<V> = unknown extends V ? true : [Extract<V, number>] extends [never] ? false : true;
/** Seen in the compiler's errors alone: no text has this, so a target that holds no numbers is refused by the names of those that do. */
interface MustHoldNumbers<Columns> {
  readonly columnsOfNumbers: Columns;
}
type ColumnsOfNumbers<R> = { [F in keyof R]: HasNumbers<R[F]> extends true ? F : never }[keyof R] & string;

/** The rows to predict for, where those of training were `D`'s: the same columns, with gaps and without the target if you like. */
export type RowOf<D> =
  D extends RowData<infer R, infer K> ? R | (IsLoose<Omit<R, K>> extends true ? object : RowWithout<R, K>) : object;
type RowWithout<R, K> = { readonly [F in keyof R as Exclude<Cells<R, F>, K>]: Widened<R[F]> | null | undefined } & {
  readonly [F in keyof R as Extract<F, K>]?: unknown;
};
/** Methods of rows that are of a class are no columns. */
type Cells<R, F extends keyof R> = R[F] extends (...given: never) => unknown ? never : F;
type Widened<V> = V extends number ? number : V extends string ? string : V extends boolean ? boolean : V;

/** All that `predict` takes. `R`: the rows, where they are known. */
export type Inputs<R extends object = object> = Values | readonly R[] | Table | DataSource;

/** A weight a class, 1 where there is none; the names are checked where the labels are known. */
export type ClassWeights<T extends Label = Label> = string extends `${T}`
  ? Readonly<Record<string, number>>
  : { readonly [Name in `${T}`]?: number };
