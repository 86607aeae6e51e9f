/** A schedule, written with the public contract alone: an optimizer is data and pure functions, so one wraps another. */
import type { Optimizer, Tree } from '@dendrite/spec';

/**
 * The same optimizer with `learningRate · (1 − (step − 1) / steps)`: long steps first, and none at the end, where they would
 * only shake the weights around the valley they have found. Its name and config stay, so a saved model loads as usual.
 * @param steps  of the whole run
 */
export function decaying<O extends Tree>(optimizer: Optimizer<O>, steps: number): Optimizer<O> {
  return {
    ...optimizer,
    scalars: (step, learningRate) =>
      optimizer.scalars(step, learningRate * Math.max(0, 1 - (step - 1) / Math.max(1, steps))),
  };
}
