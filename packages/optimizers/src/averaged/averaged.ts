/** Any optimizer with a running mean of the parameters beside it, to evaluate and to save with. */
import { mul, rebuild } from '@dendrite/core';
import { DendriteError, type Optimizer, type Tree } from '@dendrite/spec';
import { add, constant, sub, mul as times } from '../formula/formula.ts';
import { lifted } from '../named/lifted.ts';
import { named } from '../named/named.ts';
import { checkOptions, flag, fraction } from '../option/check-options.ts';
import { defineOptimizer } from '../update/define-optimizer.ts';
import { prefixed, unprefixed } from '../update/prefixed.ts';

export type AveragedState<O extends Tree> = { readonly inner: O; readonly average: Tree };
interface AveragedOptions {
  readonly decay?: number;
  readonly warmUp?: boolean;
}

/** The mean follows the parameters as an optimizer follows gradients: `average ← decay·average + (1 − decay)·parameter`. */
const follow = /*#__PURE__*/ defineOptimizer<AveragedOptions, object, 'decay'>({
  name: 'optimizers/average',
  factory: 'averaged',
  options: { decay: [0.999, fraction], warmUp: [true, flag] },
  slots: () => ({}),
  scalars: (step, _rate, { decay, warmUp }) => ({ decay: warmUp ? Math.min(decay, (1 + step) / (10 + step)) : decay }),
  update: ({ parameter, gradient, scalars: { decay } }) => ({
    parameter: add(times(decay, parameter), times(sub(constant(1), decay), gradient)),
  }),
});

/**
 * `optimizer`, and an exponential moving average of the parameters: `a ← decay·a + (1 − decay)·p` after each step. `fit` evaluates,
 * predicts and saves with the average, goes on training the parameters, and keeps both in checkpoints. Running means of batch norm
 * belong to the trained parameters.
 * @param options.decay   [0, 1), default 0.999
 * @param options.warmUp  at step t at most (1 + t)/(10 + t), so that the first parameters are soon forgotten; default true
 * @throws OPTION  for an unknown option or a value out of its range, or if the optimizer has an average already
 * @source Polyak and Juditsky (1992), Acceleration of stochastic approximation by averaging
 * @example
 * import { adam, averaged } from '@dendrite/optimizers';
 * const optimizer = averaged(adam(), { decay: 0.99 });
 */
export function averaged<O extends Tree>(
  optimizer: Optimizer<O>,
  options: AveragedOptions = {},
): Optimizer<AveragedState<O>> {
  checkOptions('averaged', { ...options }, { decay: fraction, warmUp: flag });
  if (optimizer.evaluated)
    throw new DendriteError(
      'OPTION',
      `averaged(): its optimizer must not average already, got '${optimizer.name}'. Average once.`,
    );
  const { decay = 0.999, warmUp = true } = options;
  const mean = follow({ decay, warmUp });
  const wrapper: Optimizer<AveragedState<O>> = {
    ...lifted<O, AveragedState<O>>(optimizer),
    name: 'optimizers/averaged',
    config: { optimizer: named(optimizer), decay, warmUp },
    init(params) {
      const inner = optimizer.init(params);
      // A copy to the bit: −0 stays −0.
      return { inner, average: rebuild(params, (tensor) => mul(tensor, 1)) };
    },
    scalars: (step, learningRate, memory) => ({
      ...prefixed('inner', optimizer.scalars(step, learningRate, memory)),
      ...prefixed('average', mean.scalars(step, 0)),
    }),
    update(params, gradients, { inner, average }, scalars) {
      const next = optimizer.update(params, gradients, inner, unprefixed('inner', scalars));
      const followed = mean.update(average, next.params, {}, unprefixed('average', scalars));
      return { params: next.params, state: { inner: next.state, average: followed.params } };
    },
    evaluated: <P extends Tree>(_params: P, { average }: AveragedState<O>): P => average as P,
  };
  return Object.freeze(wrapper);
}
