/** Rprop: the sign of the gradient alone, with a step for each parameter that grows while the sign stays. */
import { DendriteError, type Tree } from '@dendrite/spec';
import { constant, less, max, min, mul, sign, sub, where } from '../formula/formula.ts';
import { atLeastOne, fraction, notNegative, positive } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

export interface RpropOptions {
  readonly learningRate?: number;
  readonly shrink?: number;
  readonly grow?: number;
  readonly smallestStep?: number;
  readonly largestStep?: number;
}
export type RpropState = { readonly previous: Tree; readonly steps: Tree };

/**
 * Resilient backpropagation: where the gradient keeps its sign, `s ← min(s·grow, largestStep)`; where it changes,
 * `s ← max(s·shrink, smallestStep)` and this step is left out; `p ← p − s·sign(g)`. For whole data sets at once: the sign of a
 * small batch's gradient says little.
 * @param options.learningRate  first step of each parameter, at least 0, default 0.01; a schedule scales all steps by what it makes of it
 * @param options.shrink        (0, 1), default 0.5
 * @param options.grow          at least 1, default 1.2
 * @param options.smallestStep  above 0, default 1e-6
 * @param options.largestStep   default 50
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Riedmiller and Braun (1993), A direct adaptive method for faster backpropagation learning; formula of torch.optim.Rprop
 * @example
 * import { rprop } from '@dendrite/optimizers';
 * const optimizer = rprop({ learningRate: 0.01 });
 */
export const rprop: OptimizerFactory<RpropOptions, RpropState> = /*#__PURE__*/ defineOptimizer<
  RpropOptions,
  RpropState,
  'scale'
>({
  name: 'optimizers/rprop',
  factory: 'rprop',
  options: {
    learningRate: [0.01, notNegative],
    shrink: [0.5, fraction],
    grow: [1.2, atLeastOne],
    smallestStep: [1e-6, positive],
    largestStep: [50, positive],
  },
  check({ shrink, smallestStep, largestStep }) {
    if (shrink === 0 || smallestStep > largestStep)
      throw new DendriteError(
        'OPTION',
        `rprop(): shrink must be above 0 and smallestStep at most largestStep, got ${shrink}, ${smallestStep} and ${largestStep}. Leave them out for 0.5, 1e-6 and 50.`,
      );
  },
  slots: ({ learningRate }) => ({ previous: 0, steps: learningRate }),
  scalars: (_step, rate, { learningRate }) => ({ scale: learningRate === 0 ? 0 : rate / learningRate }),
  update(
    { parameter, gradient, slots: { previous, steps }, scalars: { scale } },
    { shrink, grow, smallestStep, largestStep },
  ) {
    const zero = constant(0);
    const agreement = mul(gradient, previous);
    const turned = less(agreement, zero);
    const factor = where(less(zero, agreement), constant(grow), where(turned, constant(shrink), constant(1)));
    const next = min(max(mul(steps, factor), constant(smallestStep)), constant(largestStep));
    const heeded = where(turned, zero, gradient);
    return { parameter: sub(parameter, mul(scale, mul(next, sign(heeded)))), previous: heeded, steps: next };
  },
});
