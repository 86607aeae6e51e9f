/** Layers side by side on one input, their outputs joined. */
import { add, concat } from '@dendrite/core';
import {
  DendriteError,
  type Layer,
  type LayerLike,
  type ParamsOf,
  type Shape,
  type StateOf,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import { checkOptions, oneOf } from '../option/check-options.ts';
import { type AnyLayer, applyChild, initChild, packagesOf, partOf } from './bind-layer.ts';
import { layerJson } from './layer-json.ts';
import { checkLayer } from './sequential.ts';

export type Parallel<Ls> = Layer<
  { readonly [K in keyof Ls]: ParamsOf<Ls[K]> } & Tree,
  { readonly [K in keyof Ls]: StateOf<Ls[K]> } & Tree
>;

/**
 * `[f₁(x), f₂(x), …]` joined along the last axis, or added.
 * @param layers        at least one
 * @param options.join  `'concat'` (default) or `'add'`
 * @throws OPTION  if there is none; SHAPE from `init`, if the outputs cannot be joined
 * @source Szegedy et al. (2015), Going deeper with convolutions
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, parallel, sequential } from '@dendrite/nn';
 * const wide = parallel([dense(8), sequential(dense(4), relu)]);
 */
export function parallel<const Ls extends readonly LayerLike[]>(
  layers: Ls,
  options?: { readonly join?: 'concat' | 'add' },
): Parallel<Ls>;
export function parallel(layers: readonly LayerLike[], options: { readonly join?: 'concat' | 'add' } = {}): object {
  checkOptions('parallel', options, { join: oneOf('concat', 'add') });
  const { join = 'concat' } = options;
  const list: readonly LayerLike[] = [...layers];
  if (list.length === 0) throw new DendriteError('OPTION', 'parallel(): there must be at least one layer, got none.');
  for (const [i, layer] of list.entries()) checkLayer('parallel', `layer ${i}`, layer);
  const made: AnyLayer = {
    '~dendrite': 'layer',
    name: 'nn/parallel',
    config: { layers: list.map(layerJson), join },
    ...packagesOf(list),
    init(key, input) {
      const parts = list.map((layer, i) => initChild(layer, String(i), key, input));
      return {
        params: parts.map(({ params }) => params),
        state: parts.map(({ state }) => state),
        output: joined(
          parts.map(({ output }) => output as Shape),
          join,
        ),
      };
    },
    apply({ params, state }, x, context) {
      const parts = list.map((layer, i) =>
        applyChild(layer, String(i), { params: partOf(params, i), state: partOf(state, i) }, x, context),
      );
      const outputs = parts.map(([y]) => y as Tensor);
      const y = join === 'add' ? outputs.reduce((a, b) => add(a, b)) : concat(outputs, { axis: -1 });
      return [y, parts.map(([, next]) => next)];
    },
  };
  return Object.freeze(made);
}

function joined(shapes: readonly Shape[], join: 'concat' | 'add'): Shape {
  const [first = []] = shapes;
  const same = shapes.every(
    (shape) =>
      shape.length === first.length &&
      shape.every((length, axis) => length === first[axis] || (join === 'concat' && axis === first.length - 1)),
  );
  if (!same)
    throw new DendriteError(
      'SHAPE',
      `parallel(): outputs must have one shape${join === 'concat' ? ' but for the last axis' : ''}, got ${shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')}.`,
    );
  if (join === 'add') return first;
  return [...first.slice(0, -1), shapes.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0)];
}
