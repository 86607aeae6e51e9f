/**
 * What the compiler knows of data: which columns can be the target, what rows to predict for hold, which classes can be weighed.
 * Of data whose types say little (rows of a CSV file, of JSON, a table) it asks nothing; they are checked when they are read.
 */
import type { Cell, DataSource, Label, RowData, Table, Values } from './data.ts';
import type { Capabilities } from './model.ts';

/**
 * The answer `never` is no. Yes is `any`, for of a question one of whose answers is `any` the compiler expects the other as long as a
 * type parameter leaves it open: so generic functions over rows and data compile, and what is known to be wrong is refused.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above; no value has this type
type Yes = any;

/**
 * What `fit` asks of data besides their form: `fit<D extends Data>(data: D & Learnable<C, D>)`. The target is a column of the rows and
 * holds labels; where numbers are learned, numbers.
 */
export type Learnable<C extends Capabilities, D> = [NoTarget<D> | NoTargets<D, Learned<C>>] extends [never]
  ? unknown
  : Expected<D, Learned<C>>;
type Learned<C extends Capabilities> = C['task'] extends 'regression' ? number : Label;

type NoTarget<D> =
  D extends RowData<infer R, infer K>
    ? K extends keyof R
      ? never
      : string extends K
        ? never
        : IsLoose<R> extends true
          ? never
          : Yes
    : never;
type NoTargets<D, V> =
  D extends RowData<infer R, infer K>
    ? K extends keyof R
      ? Lacks<R[K], V>
      : never
    : D extends { readonly y: readonly (infer Y)[] }
      ? Lacks<Y, V>
      : D extends DataSource<infer T>
        ? Lacks<T, V>
        : never;
/** Whether it holds none of these. That there are others too is seen when it is read. */
type Lacks<Given, V> = unknown extends Given ? never : [Extract<Given, V>] extends [never] ? Yes : never;

type Expected<D, V> =
  D extends RowData<infer R, infer K>
    ? {
        readonly target: K extends keyof R
          ? ColumnOf<V, { [F in keyof R]: [Lacks<R[F], V>] extends [never] ? F : never }[keyof R]>
          : NameOf<{ [F in keyof R]: F }[keyof R]>;
      }
    : D extends DataSource
      ? DataSource<V & Label>
      : { readonly y: readonly V[] };
/** Seen in the compiler's errors alone: no text has these, so a wrong target is refused by the names of the right ones. */
interface ColumnOf<V, Names> {
  readonly values: V;
  readonly oneOf: Names;
}
interface NameOf<Names> {
  readonly oneOf: Names;
}
/** Rows whose columns the compiler does not know. */
type IsLoose<R> = string extends keyof R ? true : [keyof R] extends [never] ? true : false;

/** The rows to predict for, where those of training were `D`'s: the same columns, with gaps and without the target if you like. */
export type RowOf<D> = [HasKnownRows<D>] extends [never] ? object : KnownRow<D>;
type HasKnownRows<D> = D extends RowData<infer R, infer K> ? (IsLoose<Omit<R, K>> extends true ? never : Yes) : never;
type KnownRow<D> = D extends RowData<infer R, infer K> ? R | RowWithout<R, K> : object;
type RowWithout<R, K> = { readonly [F in keyof R as Exclude<Cells<R, F>, K>]: Widened<R[F]> | null | undefined } & {
  readonly [F in keyof R as Extract<F, K>]?: unknown;
};
/** Methods of rows that are of a class are no columns. */
type Cells<R, F extends keyof R> = R[F] extends (...given: never) => unknown ? never : F;
/** What else the column may hold; where nothing but gaps was seen, all that a column may. */
type Widened<V> = [V] extends [null | undefined]
  ? Cell
  : V extends number
    ? number
    : V extends string
      ? string
      : V extends boolean
        ? boolean
        : V;

/** The name of the target, where it is known. */
export type TargetOf<D> = D extends RowData<object, infer K> ? K : string;

/**
 * What `evaluate` and `validation` ask of data besides their form, of a model whose rows were `R`s and whose target was called `K`:
 * rows that it can predict for, with the target in them.
 */
export type Judgeable<D, R, K> = [IsForeign<D, R, K>] extends [never]
  ? unknown
  : { readonly rows: readonly R[]; readonly target: D extends { readonly target: K } ? string : NameOf<K> };
type IsForeign<D, R, K> =
  D extends RowData<infer Q, infer L>
    ? IsLoose<Q> extends true
      ? never
      : IsLoose<R> extends true
        ? never
        : [Q] extends [R]
          ? string extends L
            ? never
            : [L] extends [K]
              ? never
              : Yes
          : Yes
    : never;
/** Options with data to judge by, beside those to learn from. */
export interface Validated<D, V> {
  readonly validation?: V & Judgeable<V, RowOf<D>, TargetOf<D>>;
}

/** All that `predict` takes. `R`: the rows, where they are known. */
export type Inputs<R extends object = object> = Values | readonly R[] | Table | DataSource;

/** A weight a class, 1 where there is none; the names are checked where the labels are known. */
export type ClassWeights<T extends Label = Label> = [HasKnownNames<T>] extends [never]
  ? Readonly<Record<string, number>>
  : { readonly [Name in `${T}`]?: number };
type HasKnownNames<T extends Label> = string extends `${T}` ? never : Yes;
