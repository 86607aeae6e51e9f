/** What Adam and AdamW share: both moments, and the direction they give. They differ in how weight decay enters. */
import type { Expression } from '@dendrite/spec';
import { add, constant, div, max, mul, runningMean, sqrt } from '../formula/formula.ts';

interface Moments {
  readonly m: Expression;
  readonly v: Expression;
  readonly largest?: Expression;
}

/** `m / (√v / rootCorrection + epsilon)`, with the largest `v` so far where it is kept. */
export function adamMoments(
  step: Expression,
  { m, v, largest }: Moments,
  rootCorrection: Expression,
  { beta1, beta2, epsilon }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
): Moments & { readonly direction: Expression } {
  const nextM = runningMean(m, step, beta1);
  const nextV = runningMean(v, mul(step, step), beta2);
  const nextLargest = largest && max(largest, nextV);
  const spread = add(div(sqrt(nextLargest ?? nextV), rootCorrection), constant(epsilon));
  return { m: nextM, v: nextV, ...(nextLargest && { largest: nextLargest }), direction: div(nextM, spread) };
}

/** `learningRate / (1 − beta1ᵗ)` and `√(1 − beta2ᵗ)`. */
export const adamCorrections = (
  step: number,
  learningRate: number,
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
): { readonly stepSize: number; readonly rootCorrection: number } => ({
  stepSize: learningRate / (1 - beta1 ** step),
  rootCorrection: Math.sqrt(1 - beta2 ** step),
});
