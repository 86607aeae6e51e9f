/** Dropout, inverted: nothing is to be done when predicting. */
import { bernoulli, layer, mul, where } from '@dendrite/core';
import type { Layer } from '@dendrite/spec';
import { checkValue, fraction } from '../option/check-options.ts';

export type Dropout = Layer<Readonly<Record<never, never>>, Readonly<Record<never, never>>>;

/**
 * In training each element is 0 with probability `rate` and `x / (1 − rate)` otherwise; in prediction `x`.
 * The mask is a function of the step's key, so a step that is run again draws the same.
 * @param rate  share that is dropped, [0, 1)
 * @throws OPTION  if the rate is outside
 * @gradient dy where the element was kept, over (1 − rate); 0 elsewhere
 * @source Srivastava et al. (2014)
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, dropout, sequential } from '@dendrite/nn';
 * const regularised = sequential(dense(128), relu, dropout(0.5), dense(10));
 */
export function dropout(rate: number): Dropout {
  checkValue('dropout', 'rate', rate, fraction);
  return layer<Readonly<Record<never, never>>>({
    name: 'nn/dropout',
    config: { rate },
    init: (_key, input) => ({ params: {}, output: input }),
    apply(_params, x, { training, key }) {
      if (!training || rate === 0) return x;
      return where(bernoulli(key, x.shape, { probability: 1 - rate }), mul(x, 1 / (1 - rate)), 0);
    },
  });
}
