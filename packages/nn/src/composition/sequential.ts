/** Layers one after another. */
import {
  DendriteError,
  type Layer,
  type LayerLike,
  type ParamsOf,
  type StateOf,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import { type AnyLayer, type AnyLayerLike, applyChild, initChild, packagesOf, partOf } from './bind-layer.ts';
import { layerJson } from './layer-json.ts';
import type { InputOf, OutputOf } from './layer-types.ts';

/** Each layer's input must be the output of the one before. */
export type Chained<Ls extends readonly unknown[]> = Ls extends readonly [infer A, infer B, ...infer R]
  ? [OutputOf<A>] extends [InputOf<B>]
    ? readonly [A, ...Chained<readonly [B, ...R]>]
    : readonly [A, { readonly 'expects the output of the layer before': OutputOf<A> }, ...R]
  : Ls;
type FirstInput<Ls extends readonly unknown[]> = Ls extends readonly [infer A, ...unknown[]]
  ? InputOf<A> extends Tree
    ? InputOf<A>
    : Tensor
  : Tensor;
type LastOutput<Ls extends readonly unknown[]> = Ls extends readonly [...unknown[], infer Z]
  ? OutputOf<Z> extends Tree
    ? OutputOf<Z>
    : Tensor
  : Tensor;

/** Parameters and state are tuples: `params[0].weight`. */
export type Sequential<Ls extends readonly unknown[]> = Layer<
  { readonly [K in keyof Ls]: ParamsOf<Ls[K]> } & Tree,
  { readonly [K in keyof Ls]: StateOf<Ls[K]> } & Tree,
  FirstInput<Ls>,
  LastOutput<Ls>
>;

/**
 * `fₙ(… f₂(f₁(x)))`. Layers and plain functions of a tensor (`tanh`, `flatten`) may be mixed; lengths are found from the input's.
 * @param layers  at least one
 * @returns  a layer whose parameters and state are arrays, one entry a layer (`{}` for functions)
 * @throws OPTION  if there are none, or one is neither a layer nor a function
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, flatten, sequential } from '@dendrite/nn';
 * const net = sequential(flatten, dense(128), relu, dense(10));
 */
export function sequential<const Ls extends readonly LayerLike<never, Tree>[]>(
  ...layers: Ls & NoInfer<Chained<Ls>>
): Sequential<Ls>;
export function sequential(...layers: readonly AnyLayerLike[]): object {
  const list = [...layers];
  if (list.length === 0) throw new DendriteError('OPTION', 'sequential(): there must be at least one layer, got none.');
  for (const [i, layer] of list.entries()) checkLayer('sequential', `layer ${i}`, layer);
  const made: AnyLayer = {
    '~dendrite': 'layer',
    name: 'nn/sequential',
    config: { layers: list.map(layerJson) },
    ...packagesOf(list),
    init(key, input) {
      let output = input;
      const parts = list.map((layer, i) => {
        const part = initChild(layer, String(i), key, output);
        output = part.output;
        return part;
      });
      return { params: parts.map(({ params }) => params), state: parts.map(({ state }) => state), output };
    },
    apply({ params, state }, x, context) {
      const { runtime } = context.key;
      // What a layer makes on its way is freed behind it, and its input behind the layer that read it, but for what a tape holds.
      const upTo = (i: number): readonly [Tree, readonly Tree[]] => {
        const layer = list[i];
        if (layer === undefined) return [x, []];
        return runtime.scope((): readonly [Tree, readonly Tree[]] => {
          const [value, before] = upTo(i - 1);
          const own = { params: partOf(params, i), state: partOf(state, i) };
          const [y, after] = applyChild(layer, String(i), own, value, context);
          return [y, [...before, after]];
        });
      };
      return upTo(list.length - 1);
    },
  };
  return Object.freeze(made);
}

/** @throws OPTION  unless it is a layer or a function */
export function checkLayer(owner: string, what: string, layer: unknown): void {
  const is =
    typeof layer === 'function' ||
    (typeof layer === 'object' && layer !== null && '~dendrite' in layer && layer['~dendrite'] === 'layer');
  if (!is)
    throw new DendriteError(
      'OPTION',
      `${owner}(): ${what} must be a layer or a function of a tensor, got ${layer === null ? 'null' : typeof layer}. Did a factory lose its parentheses, or a comma?`,
    );
}
