/** Layers without state from two functions. */
import type { Context, Json, Key, Layer, Shape, Tensor, Tree } from '@dendrite/spec';

export interface LayerDefinition<P extends Tree> {
  /** Name of the factory that rebuilds it from `config`, `'@acme/scale'`. */
  readonly name: string;
  readonly config: Json;
  /** The version of the package that it comes from, `{ '@acme/layers': '1.2.0' }`; files of models record it. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Parameters for inputs of this shape (batch axis included), and the shape that `apply` gives. */
  init(key: Key, input: Shape): { readonly params: P; readonly output: Shape };
  apply(params: P, x: Tensor, context: Context): Tensor;
}
type NoState = Readonly<Record<never, never>>;
const noState: NoState = Object.freeze({});

/**
 * A layer without state.
 * @example
 * import { layer, mul, ones } from '@dendrite/core';
 * const scale = layer({
 *   name: '@acme/scale', config: null,
 *   init: (key, input) => ({ params: { factor: ones([], { runtime: key.runtime }) }, output: input }),
 *   apply: ({ factor }, x) => mul(x, factor),
 * });
 */
export function layer<P extends Tree>(definition: LayerDefinition<P>): Layer<P, NoState> {
  return Object.freeze({
    '~dendrite': 'layer' as const,
    name: definition.name,
    config: definition.config,
    ...(definition.packages && { packages: definition.packages }),
    init(key: Key, input: Shape) {
      const { params, output } = definition.init(key, input);
      return { params, state: noState, output };
    },
    apply({ params }: { readonly params: P }, x: Tensor, context: Context): readonly [Tensor, NoState] {
      return [definition.apply(params, x, context), noState];
    },
  });
}
