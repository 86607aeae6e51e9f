/** Named layers under a function of your own: any topology, any control flow. */
import {
  type Context,
  DendriteError,
  type Json,
  type Layer,
  type LayerLike,
  type ParamsOf,
  type StateOf,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import {
  type AnyLayer,
  type AnyLayerLike,
  applyChild,
  initChild,
  packagesOf,
  partOf,
  shapesOf,
  zerosOf,
} from './bind-layer.ts';
import { layerJson } from './layer-json.ts';
import type { InputOf, OutputOf } from './layer-types.ts';
import { checkLayer } from './sequential.ts';

type Named = Readonly<Record<string, LayerLike<never, Tree>>>;
/** The layers as functions: parameters, state and keys are seen to. */
export type Bound<Ls> = { readonly [K in keyof Ls]: (x: InputOf<Ls[K]>) => OutputOf<Ls[K]> };
export type Network<Ls extends Named, X extends Tree = Tensor, Y extends Tree = Tensor> = Layer<
  { readonly [K in keyof Ls]: ParamsOf<Ls[K]> } & Tree,
  { readonly [K in keyof Ls]: StateOf<Ls[K]> } & Tree,
  X,
  Y
>;

/** What a factory calls the network it makes, so that its table can make it again from a file. */
export interface NetworkIdentity {
  /** Name of the factory, `'attention/encoder-layer'`. */
  readonly name: string;
  readonly config: Json;
}

/**
 * A layer of named layers and a function that joins them. Calling one twice shares its parameters.
 * `init` finds the lengths by trying `forward` on zeros, in training and (for layers not met there) in prediction.
 * @param layers   name → layer or function
 * @param forward  `(layers, x, context) → y`; synchronous and pure
 * @param identity  of a factory that makes such networks: files then hold its name and config, not a function
 * @throws OPTION  from `init`, if `forward` never calls one of the layers
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, network } from '@dendrite/nn';
 * const net = network({ stem: dense(32), head: dense(10) }, ({ stem, head }, x) => head(relu(stem(x))));
 */
export function network<const Ls extends Named, X extends Tree = Tensor, Y extends Tree = Tensor>(
  layers: Ls,
  forward: (layers: Bound<Ls>, x: X, context: Context) => Y,
  identity?: NetworkIdentity,
): Network<Ls, NoInfer<X>, NoInfer<Y>>;
export function network(
  layers: Named,
  forward: (layers: never, x: never, context: Context) => Tree,
  identity?: NetworkIdentity,
): object {
  const names = Object.keys(layers);
  for (const name of names) checkLayer('network', `layer '${name}'`, layers[name]);
  const layerAt = (name: string): AnyLayerLike => layers[name] as AnyLayerLike;
  const made: AnyLayer = {
    '~dendrite': 'layer',
    name: identity?.name ?? 'nn/network',
    config: identity?.config ?? {
      layers: Object.fromEntries(names.map((name) => [name, layerJson(layerAt(name))])),
    },
    ...packagesOf(names.map(layerAt)),
    init(key, input) {
      const { runtime } = key;
      const params: Record<string, Tree> = {};
      const state: Record<string, Tree> = {};
      let output = input;
      const trial = (training: boolean): void => {
        const calls = new Map<string, number>();
        const bound = Object.fromEntries(
          names.map((name) => [
            name,
            (x: Tree): Tree => {
              if (params[name] === undefined) {
                const part = initChild(layerAt(name), name, key, shapesOf(x));
                params[name] = part.params;
                state[name] = part.state;
              }
              const at = pathOf(calls, name);
              return applyChild(layerAt(name), at, { params: params[name] ?? {}, state: state[name] ?? {} }, x, {
                training,
                key,
              })[0];
            },
          ]),
        );
        const y = forward(bound as never, zerosOf(key, input) as never, { training, key });
        if (!training || names.every((name) => params[name] !== undefined)) output = shapesOf(y);
      };
      // Everything but the parameters and the state is freed; those go to the caller's scope.
      runtime.untracked(() =>
        runtime.scope(() => {
          trial(true);
          if (names.some((name) => params[name] === undefined)) trial(false);
          return { params, state };
        }),
      );
      const idle = names.filter((name) => params[name] === undefined);
      if (idle.length > 0)
        throw new DendriteError(
          'OPTION',
          `network(): forward must call every layer, got no call of ${idle.map((name) => `'${name}'`).join(', ')}. Remove it, or call it.`,
        );
      // In the order in which they were named, whatever the order of the calls.
      const ordered = (from: Readonly<Record<string, Tree>>): Readonly<Record<string, Tree>> =>
        Object.fromEntries(names.map((name) => [name, from[name] ?? {}]));
      return { params: ordered(params), state: ordered(state), output };
    },
    apply({ params, state }, x, context) {
      const next: Record<string, Tree> = { ...(state as Readonly<Record<string, Tree>>) };
      const calls = new Map<string, number>();
      const bound = Object.fromEntries(
        names.map((name) => [
          name,
          (value: Tree): Tree => {
            const [y, after] = applyChild(
              layerAt(name),
              pathOf(calls, name),
              { params: partOf(params, name), state: partOf(next, name) },
              value,
              context,
            );
            next[name] = after;
            return y;
          },
        ]),
      );
      return [forward(bound as never, x as never, context), next];
    },
  };
  return Object.freeze(made);
}

/** A second call of a layer draws other random numbers than the first. */
function pathOf(calls: Map<string, number>, name: string): string {
  const count = calls.get(name) ?? 0;
  calls.set(name, count + 1);
  return count === 0 ? name : `${name}#${count}`;
}
