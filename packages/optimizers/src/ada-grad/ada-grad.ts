/** AdaGrad: a step for each parameter that shrinks with the gradients it has seen. */
import type { Optimizer, Tree } from '@dendrite/spec';
import { add, constant, div, mul, penalised, sqrt, sub } from '../formula/formula.ts';
import { checkOptions, notNegative } from '../option/check-options.ts';
import { makeOptimizer } from '../update/make-optimizer.ts';
import { updateOp } from '../update/update-op.ts';

export interface AdaGradOptions {
  readonly learningRate?: number;
  readonly learningRateDecay?: number;
  readonly weightDecay?: number;
  readonly initialAccumulator?: number;
  readonly epsilon?: number;
}
export type AdaGradState = { readonly squares: Tree };

/** Step scalar: stepSize. */
const adaGradUpdate = /*#__PURE__*/ updateOp({
  name: 'optimizers/ada-grad',
  slots: () => 1,
  successors({ parameter, gradient, slots: [squares = constant(0)], scalars: [stepSize = constant(0)] }, attributes) {
    const step = penalised(gradient, parameter, Number(attributes.weightDecay));
    const next = add(squares, mul(step, step));
    const direction = div(step, add(sqrt(next), constant(Number(attributes.epsilon))));
    return [sub(parameter, mul(stepSize, direction)), next];
  },
});

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
export function adaGrad(options: AdaGradOptions = {}): Optimizer<AdaGradState> {
  checkOptions(
    'adaGrad',
    { ...options },
    {
      learningRate: notNegative,
      learningRateDecay: notNegative,
      weightDecay: notNegative,
      initialAccumulator: notNegative,
      epsilon: notNegative,
    },
  );
  const {
    learningRate = 0.01,
    learningRateDecay = 0,
    weightDecay = 0,
    initialAccumulator = 0,
    epsilon = 1e-10,
  } = options;
  return makeOptimizer<AdaGradState>({
    name: 'optimizers/ada-grad',
    config: { learningRate, learningRateDecay, weightDecay, initialAccumulator, epsilon },
    learningRate,
    op: adaGradUpdate,
    attributes: { weightDecay, epsilon },
    slots: [{ name: 'squares', initial: initialAccumulator }],
    scalarNames: ['stepSize'],
    scalars: (step, rate) => ({ stepSize: rate / (1 + (step - 1) * learningRateDecay) }),
  });
}
