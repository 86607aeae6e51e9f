/** A runtime: one backend in use. It owns tensors, scopes and the tape; several may live at once. */
import type { Device } from './device.ts';
import type { Attributes, Op } from './op.ts';
import type { DType, HostArray, Key, NestedNumbers, Shape, Tensor } from './tensor.ts';

/** A synchronous result: a promise is a type error where this is asked. */
export type Synchronous<T> = T extends PromiseLike<unknown> ? never : T;

export interface BackendChoice {
  readonly name: string;
  readonly taken: boolean;
  /** Why it was taken or not, in one sentence. */
  readonly why: string;
}

/** How calls of one signature run: by the device's own routine, a kernel, expression lowering, decomposition, or (nothing to compute) not at all. */
export interface Decision {
  readonly op: string;
  /** Input dtypes and shapes. */
  readonly signature: string;
  readonly way: 'native' | 'kernel' | 'expression' | 'decomposition' | 'nothing';
  /** What the device made of it: `'wasm'`, `'js'`, `'wasm expression'`, …; where it made something. */
  readonly label?: string;
}

export interface Runtime {
  readonly '~dendrite': 'runtime';
  readonly api: 1;
  /** The device's name, `'cpu'`, `'tfjs-wasm'`. */
  readonly name: string;
  readonly device: Device;
  /** Which backends were asked in which order, and why this one runs. */
  readonly choice: readonly BackendChoice[];
  /**
   * Loads the kernels of all ops that are defined by now. `createRuntime`, `fit` and `predict` do it; needed only for packages
   * that are imported after the runtime was made. Quick where nothing is new. On a runtime with `kernels: 'as needed'` it loads
   * those alone that `trial` would run by: what is about to run, which is traced and not computed, and must leave everything as it was.
   */
  load(trial?: () => unknown): Promise<void>;
  /**
   * A tensor of this data. `shape` defaults to the nesting of `data` (or its length); `dtype` to that of a typed array, else float32.
   */
  tensor<const S extends Shape = Shape>(
    data: NestedNumbers | HostArray | readonly boolean[],
    shape?: S,
    dtype?: DType,
  ): Tensor<S>;
  /** A random key; the same seed gives the same numbers. */
  key(seed: number): Key;
  /** Runs an op on tensors of this runtime; ops of another copy or version of a package are welcome, for an op is data. */
  run(op: Op, inputs: readonly Tensor[], attributes?: Attributes, args?: readonly number[]): readonly Tensor[];
  /**
   * A tensor that shares `x`'s bytes from element `offset` (0) on under another shape. Not recorded by tapes: core's `reshape` is.
   * @throws SHAPE  if it reaches outside `x`, or is a part of `x` where the device's addressing is 'whole'.
   */
  reshape(x: Tensor, shape: Shape, offset?: number): Tensor;
  /**
   * Cotangents of the scalar that `f` returns with respect to `leaves`. `f` gets stand-ins for the leaves and runs in a scope; `aux`
   * survives it. Everything else that was made is freed.
   */
  differentiate<A>(
    leaves: readonly Tensor[],
    f: (leaves: readonly Tensor[]) => { readonly loss: Tensor; readonly aux: A },
  ): { readonly value: Tensor; readonly gradients: readonly Tensor[]; readonly aux: A };
  /** Runs `f` without recording: its results are constants to every gradient. */
  untracked<T>(f: () => T): T;
  /**
   * Runs `f` for the shapes of what it gives: ops say what their outputs would be, nothing is computed, loaded or recorded, and what
   * lies in them is undefined. `f` must be synchronous.
   */
  trace<T>(f: () => Synchronous<T>): T;
  /** Runs `f` and frees what it made and did not return (in a tensor, or nested in plain objects and arrays). `f` must be synchronous. */
  scope<T>(f: () => Synchronous<T>): T;
  /** Takes tensors out of the innermost scope, so that they outlive it. */
  keep<T>(value: T): T;
  /** What was decided so far, the first signatures of each op. */
  decisions(): readonly Decision[];
  live(): { readonly tensors: number; readonly buffers: number; readonly bytes: number };
  /** Frees everything it made and closes its device. */
  dispose(): Promise<void>;
}
