/** AdaGrad: a step for each parameter that shrinks with the gradients it has seen. */
import type { Tree } from '@dendrite/spec';
import { add, constant, div, mul, penalised, sqrt, sub } from '../formula/formula.ts';
import { notNegative } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

export interface AdaGradOptions {
  readonly learningRate?: number;
  readonly learningRateDecay?: number;
  readonly weightDecay?: number;
  readonly initialAccumulator?: number;
  readonly epsilon?: number;
}
export type AdaGradState = { readonly squares: Tree };

/**
 * AdaGrad: `s ← s + g²`, `p ← p − η·g / (√s + epsilon)` with `η = learningRate / (1 + (t − 1)·learningRateDecay)`.
 * Good for rare features; its steps only ever shrink, so long runs prefer `rmsProp` or `adam`.
 * @param options.learningRate        at least 0, default 0.01
 * @param options.learningRateDecay   at least 0, default 0
 * @param options.weightDecay         factor of the L2 penalty's gradient, default 0
 * @param options.initialAccumulator  first value of `s`, at least 0, default 0
 * @param options.epsilon             keeps the quotient finite, default 1e-10
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Duchi, Hazan and Singer (2011); formula of torch.optim.Adagrad
 * @example
 * import { adaGrad } from '@dendrite/optimizers';
 * const optimizer = adaGrad({ learningRate: 0.05 });
 */
export const adaGrad: OptimizerFactory<AdaGradOptions, AdaGradState> = /*#__PURE__*/ defineOptimizer<
  AdaGradOptions,
  AdaGradState,
  'stepSize'
>({
  name: 'optimizers/ada-grad',
  factory: 'adaGrad',
  options: {
    learningRate: [0.01, notNegative],
    learningRateDecay: [0, notNegative],
    weightDecay: [0, notNegative],
    initialAccumulator: [0, notNegative],
    epsilon: [1e-10, notNegative],
  },
  slots: ({ initialAccumulator }) => ({ squares: initialAccumulator }),
  scalars: (step, rate, { learningRateDecay }) => ({ stepSize: rate / (1 + (step - 1) * learningRateDecay) }),
  update({ parameter, gradient, slots: { squares }, scalars: { stepSize } }, { weightDecay, epsilon }) {
    const step = penalised(gradient, parameter, weightDecay);
    const next = add(squares, mul(step, step));
    const direction = div(step, add(sqrt(next), constant(epsilon)));
    return { parameter: sub(parameter, mul(stepSize, direction)), squares: next };
  },
});
