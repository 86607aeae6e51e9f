/** What Adam and AdamW share: both moments, and the direction they give. They differ in how weight decay enters. */
import type { Expression } from '@dendrite/spec';
import { abs, add, constant, div, less, max, mul, runningMean, sqrt, where } from '../formula/formula.ts';

interface Moments {
  readonly m: Expression;
  readonly v: Expression;
  readonly largest?: Expression;
}

/**
 * Below this a mean is 0. A unit that gets no gradient any more would keep one that falls until it is denormal, where processors
 * take ten times as long; a parameter that it could still move does not exist.
 */
const smallestMean = 2 ** -100;

/** `m / (√v · inverseRoot + epsilon)`, with the largest `v` so far where it is kept. A product costs less than a division. */
export function adamMoments(
  step: Expression,
  { m, v, largest }: Moments,
  inverseRoot: Expression,
  { beta1, beta2, epsilon }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
): Moments & { readonly direction: Expression } {
  const mean = runningMean(m, step, beta1);
  const nextM = where(less(abs(mean), constant(smallestMean)), constant(0), mean);
  const nextV = runningMean(v, mul(step, step), beta2);
  const nextLargest = largest && max(largest, nextV);
  const spread = add(mul(sqrt(nextLargest ?? nextV), inverseRoot), constant(epsilon));
  return { m: nextM, v: nextV, ...(nextLargest && { largest: nextLargest }), direction: div(nextM, spread) };
}

/** `learningRate / (1 − beta1ᵗ)` and `1 / √(1 − beta2ᵗ)`. */
export const adamCorrections = (
  step: number,
  learningRate: number,
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
): { readonly stepSize: number; readonly inverseRoot: number } => ({
  stepSize: learningRate / (1 - beta1 ** step),
  inverseRoot: 1 / Math.sqrt(1 - beta2 ** step),
});
