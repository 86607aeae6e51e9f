/** Layers and optimizers: frozen descriptions with pure functions over trees of tensors. */
import type { Json, Key, Shape, Tensor, Tree, TreeOf } from './tensor.ts';

export interface Variables<P extends Tree = Tree, S extends Tree = Tree> {
  readonly params: P;
  readonly state: S;
}

/** What a layer may know of the run. `key` is already forked by the layer's path. */
export interface Context {
  readonly training: boolean;
  readonly key: Key;
}

/** Shapes of a tree of inputs: a shape for a tensor. The batch axis is part of it, as `init` was given it. */
export type Shapes<T extends Tree> = T extends Tensor
  ? Shape
  : { readonly [K in keyof T]: T[K] extends Tree ? Shapes<T[K]> : never };

/**
 * `apply` is pure: the next state (running means) is *returned*. Layers without state are written with core's
 * `layer({ name, config, init, apply: (params, x, context) => y })`.
 */
export interface Layer<P extends Tree = Tree, S extends Tree = Tree, X extends Tree = Tensor, Y extends Tree = Tensor> {
  readonly '~dendrite': 'layer';
  /** Name of the factory that rebuilds it from `config`, `'nn/dense'`. */
  readonly name: string;
  readonly config: Json;
  /** Versions of the packages that it and the layers in it come from, by name; files of models record them. Those of nn may leave it out. */
  readonly packages?: Readonly<Record<string, string>>;
  init(key: Key, input: Shapes<X>): Variables<P, S> & { readonly output: Shapes<Y> };
  apply(variables: Variables<P, S>, x: X, context: Context): readonly [y: Y, state: S];
}
/** Any function of a tensor is a layer without parameters: `sequential(dense(120), tanh, dense(10))`. */
export type LayerLike<X extends Tree = Tensor, Y extends Tree = Tensor> = Layer<Tree, Tree, X, Y> | ((x: X) => Y);
export type ParamsOf<L> = L extends Layer<infer P, infer _S, infer _X, infer _Y> ? P : Readonly<Record<never, never>>;
export type StateOf<L> = L extends Layer<infer _P, infer S, infer _X, infer _Y> ? S : Readonly<Record<never, never>>;

/** Numbers that change every step; computed on the host in float64, sent to the device as rank-0 float tensors of the same names. */
export type StepNumbers = Readonly<Record<string, number>>;
export type StepScalars = Readonly<Record<string, Tensor<readonly []>>>;

export interface Optimizer<O extends Tree = Tree> {
  readonly '~dendrite': 'optimizer';
  /** Name of the factory that rebuilds it from `config`, `'optimizers/adam'`. */
  readonly name: string;
  readonly config: Json;
  /** Its own learning rate (before any schedule). */
  readonly learningRate: number;
  /** Slots for these parameters; reads shapes and dtypes only. */
  init(params: Tree): O;
  /** Step counts from 1. Learning rate, 1 − βᵗ, … `memory` is what `observe` gave last. */
  scalars(step: number, learningRate: number, memory?: Json): StepNumbers;
  /**
   * Consumes `params` and `state` (their handles throw afterwards) and returns their successors; gradients stay the caller's.
   * With `scalars.proceed` equal to 0 all values pass through unchanged.
   */
  update<P extends Tree>(
    params: P,
    gradients: TreeOf<P, Tensor>,
    state: O,
    scalars: StepScalars,
  ): { readonly params: P; readonly state: O };
  /** After the epoch that ended with step `step`: what a schedule that looks at metrics remembers of them. Part of a checkpoint. */
  observe?(memory: Json | undefined, metrics: Readonly<Record<string, number>>, step: number): Json;
  /** The parameters to evaluate, predict and save with, where they are not those that are trained. Handles stay the state's. */
  evaluated?<P extends Tree>(params: P, state: O): P;
  /**
   * What the loss must be multiplied by before it is differentiated; `update` divides the gradients by it. The handle stays the
   * state's. With `adapts`, a gradient that is not finite makes it smaller instead of ending the run, as long as it is above 1.
   */
  lossScale?(state: O): { readonly scale: Tensor<readonly []>; readonly adapts: boolean };
}
