/** The shortcut past a layer. */
import { add } from '@dendrite/core';
import {
  DendriteError,
  type Layer,
  type LayerLike,
  type ParamsOf,
  type StateOf,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import { applyChild, initChild, packagesOf } from './bind-layer.ts';
import { layerJson } from './layer-json.ts';
import { checkLayer } from './sequential.ts';

export type Residual<L> = Layer<{ readonly inner: ParamsOf<L> } & Tree, { readonly inner: StateOf<L> } & Tree>;

/**
 * `x + f(x)`.
 * @param inner  a layer or function whose output has its input's shape
 * @throws SHAPE  from `init`, if it has another
 * @source He et al. (2016), Deep residual learning
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, residual, sequential } from '@dendrite/nn';
 * const block = residual(sequential(dense(64), relu, dense(64)));
 */
export function residual<L extends LayerLike>(inner: L): Residual<L>;
export function residual(inner: LayerLike): object {
  checkLayer('residual', 'its layer', inner);
  const made: Layer<{ readonly inner: Tree }, { readonly inner: Tree }> = {
    '~dendrite': 'layer',
    name: 'nn/residual',
    config: { inner: layerJson(inner) },
    ...packagesOf([inner]),
    init(key, input) {
      const { params, state, output } = initChild(inner, 'inner', key, input);
      if (String(output) !== String(input))
        throw new DendriteError(
          'SHAPE',
          `residual(): its layer must keep the shape [${input.join(', ')}], got [${String(output)}]. End it with a layer of the input's width.`,
        );
      return { params: { inner: params }, state: { inner: state }, output: input };
    },
    apply({ params, state }, x, context) {
      const [y, next] = applyChild(inner, 'inner', { params: params.inner, state: state.inner }, x, context);
      return [add(x, y as Tensor), { inner: next }];
    },
  };
  return Object.freeze(made);
}
