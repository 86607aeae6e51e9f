/// <reference lib="esnext.disposable" preserve="true" />
/** Values: shapes, dtypes, tensors, trees of tensors, random keys. */
import type { Runtime } from './runtime.ts';

export type Shape = readonly number[];

/** `float64` exists on host-visible backends only (gradient checks to 1e-7). float16 is reserved for a later version. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

/** The host array that holds elements of each dtype; a bool is one byte, 0 or 1. */
export interface HostArrays {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly int32: Int32Array;
  readonly uint8: Uint8Array;
  readonly bool: Uint8Array;
}
export type HostArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What is known of a value without its data. Dense and row-major, always: a tensor has no strides. */
export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Nested numbers, as `toArray()` gives them and `tensor()` takes them. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * An immutable value on a runtime. `S` is *gradual*: literal lengths where the compiler knows them, `number` where it does
 * not. The phantom method makes `S` bivariant: `Tensor` goes where `Tensor<[64, 784]>` is asked (unknown passes), while
 * `Tensor<[64, 783]>` does not (known and wrong is a compile error). The run-time check stays the judge.
 */
export interface Tensor<S extends Shape = Shape> extends TensorSpec {
  readonly '~dendrite': 'tensor';
  readonly runtime: Runtime;
  /** Number of elements. */
  readonly size: number;
  /** Whether its value can still be read: false once disposed, freed by its scope, or consumed. */
  readonly alive: boolean;
  /**
   * A copy of the elements in row-major order.
   * @throws DTYPE  if the tensor is not a `dtype` (default float32); DISPOSED; what went wrong on the device before.
   */
  data<D extends DType = 'float32'>(dtype?: D): Promise<HostArrays[D]>;
  /** The only element of a tensor of size 1, as a number. */
  item(): Promise<number>;
  /** Nested plain numbers, one level an axis. */
  toArray(): Promise<NestedNumbers>;
  /** Frees now; later use throws DISPOSED; calling it again is harmless. Optional: scopes free what is made in them. */
  dispose(): void;
  [Symbol.dispose](): void;
  '~shape'?(shape: S): void;
}

/** Nested plain objects and arrays of tensors: parameters, layer state, optimizer state. Leaves are named by their path, `'stem.filters'`. */
export type Tree = Tensor | { readonly [name: string]: Tree } | readonly Tree[];
/** A tree of the same form with something else at its leaves. */
export type TreeOf<T extends Tree, V> = Tree extends T
  ? AnyTreeOf<V>
  : T extends Tensor
    ? V
    : { readonly [K in keyof T]: T[K] extends Tree ? TreeOf<T[K], V> : never };
/** Of unknown form. */
export type AnyTreeOf<V> = V | { readonly [name: string]: AnyTreeOf<V> } | readonly AnyTreeOf<V>[];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Two 32-bit words that fix a stream of random numbers. `@dendrite/random` makes and forks them; no runtime is needed. */
export interface HostKey {
  readonly '~dendrite': 'host-key';
  readonly words: readonly [number, number];
  /** An independent key; the same label gives the same key. */
  fork(label: string | number): HostKey;
}

/** A key bound to a runtime, so whoever has one can make tensors. */
export interface Key {
  readonly '~dendrite': 'key';
  readonly runtime: Runtime;
  readonly words: readonly [number, number];
  /** int32 scalar that is mixed into every block: `fit` puts the step here, so a layer's key stays fixed while its numbers change. */
  readonly counter?: Tensor<readonly []>;
  fork(label: string | number): Key;
  /** The same key with a step counter. */
  at(counter: Tensor<readonly []>): Key;
}
