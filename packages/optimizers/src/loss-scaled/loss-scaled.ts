/** Any optimizer on a loss that was multiplied first, so that small gradients do not vanish in few bits. */
import { add, cast, consume, div, fill, greaterEqual, mapTree, maximum, mul, where } from '@dendrite/core';
import { DendriteError, type Optimizer, type Tensor, type Tree } from '@dendrite/spec';
import { lifted } from '../named/lifted.ts';
import { named } from '../named/named.ts';
import { atLeastOne, checkOptions, count, fraction } from '../option/check-options.ts';

type Scalar = Tensor<readonly []>;
/** `good`: steps without overflow since the scale last changed. */
export type LossScaledState<O extends Tree> = { readonly inner: O; readonly scale: Scalar; readonly good: Scalar };
export interface LossScaleOptions {
  readonly scale?: number;
  readonly every?: number;
  readonly growth?: number;
  readonly backoff?: number;
}

/**
 * The loss times `scale` before it is differentiated, the gradients divided by it before `optimizer` sees them: to the bit the same
 * steps for a power of 2, as long as nothing overflows or vanishes. With `every` the scale adapts: it grows by `growth` after so
 * many good steps in a row, and where a gradient is not finite, that step is left out and the scale shrinks by `backoff`, down
 * to 1. `fit` does the multiplying; in a loop of your own, multiply the loss by `optimizer.lossScale(state).scale`.
 * @param optimizer        clips and averages after the division
 * @param options.scale    at least 1, default 1024; with `every` 65,536
 * @param options.every    good steps before it grows; default never
 * @param options.growth   at least 1, default 2
 * @param options.backoff  [0, 1), default 0.5
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Micikevicius et al. (2018), Mixed precision training, section 3.2
 * @example
 * import { adam, lossScaled } from '@dendrite/optimizers';
 * const optimizer = lossScaled(adam(), { every: 2000 });
 */
export function lossScaled<O extends Tree>(
  optimizer: Optimizer<O>,
  options: LossScaleOptions = {},
): Optimizer<LossScaledState<O>> {
  checkOptions(
    'lossScaled',
    { ...options },
    { scale: atLeastOne, every: count, growth: atLeastOne, backoff: fraction },
  );
  if (optimizer.lossScale)
    throw new DendriteError('OPTION', `lossScaled(): its optimizer must not scale already, got '${optimizer.name}'.`);
  const { every, scale: first = every === undefined ? 1024 : 65_536, growth = 2, backoff = 0.5 } = options;
  type Next = { readonly scale: Scalar; readonly good: Scalar };
  const next = (scale: Scalar, good: Scalar, proceed: Tensor | undefined): Next => {
    if (every === undefined) return { scale: mul(scale, 1) as Scalar, good: mul(good, 1) as Scalar };
    const more = add(good, 1);
    const due = greaterEqual(more, every);
    const after = { scale: where(due, mul(scale, growth), scale), good: where(due, 0, more) };
    if (proceed === undefined) return after as Next;
    const sound = cast(proceed, 'bool');
    return {
      scale: where(sound, after.scale, maximum(mul(scale, backoff), 1)) as Scalar,
      good: where(sound, after.good, 0) as Scalar,
    };
  };
  const wrapper: Optimizer<LossScaledState<O>> = {
    ...lifted<O, LossScaledState<O>>(optimizer),
    name: 'optimizers/loss-scaled',
    config: { optimizer: named(optimizer), scale: first, growth, backoff, ...(every !== undefined && { every }) },
    init(params) {
      const inner = optimizer.init(params);
      const { runtime, dtype } = firstOf(params);
      const number = (value: number): Scalar => fill(runtime, { shape: [], dtype }, value) as Scalar;
      return { inner, scale: number(first), good: number(0) };
    },
    update(params, gradients, { inner, scale, good }, scalars) {
      const { runtime } = scale;
      const small = runtime.scope(() =>
        mapTree(gradients as Tree, (gradient): Tensor => div(gradient, cast(scale, gradient.dtype))),
      ) as Tree;
      const stepped = (() => {
        try {
          return optimizer.update(params, small as typeof gradients, inner, scalars);
        } finally {
          mapTree(small, (tensor) => tensor.dispose());
        }
      })();
      const after = runtime.scope(() => next(scale, good, scalars.proceed));
      consume([scale, good]);
      return { params: stepped.params, state: { inner: stepped.state, ...after } };
    },
    scalars: (step, learningRate, memory) => optimizer.scalars(step, learningRate, memory),
    lossScale: ({ scale }) => ({ scale, adapts: every !== undefined }),
  };
  return Object.freeze(wrapper);
}

function firstOf(params: Tree): Tensor {
  let found: Tensor | undefined;
  mapTree(params, (tensor) => {
    found ??= tensor;
  });
  if (found === undefined)
    throw new DendriteError(
      'OPTION',
      'lossScaled(): there must be a parameter to learn, got none. Add a layer with some.',
    );
  return found;
}
