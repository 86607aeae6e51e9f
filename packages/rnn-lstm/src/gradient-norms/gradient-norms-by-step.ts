/** How much of a gradient reaches each step of a sequence: vanishing, exploding, clipped. Plain data, for report's charts. */
import { grad, sqrt, square, sum } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';

export interface GradientNorms {
  /** `norms[t]`: the norm of the loss's gradient with respect to step t of the input, over all sequences and channels. */
  readonly norms: readonly number[];
  /** The last norm over the first: above 1, gradients fade on their way back; far below 1, they grow. NaN where both are 0. */
  readonly ratio: number;
  /** `'vanishing'`: less than a thousandth of the largest norm reaches the first step. `'exploding'`: it is more than a thousand times the last, or not finite. */
  readonly verdict: 'vanishing' | 'exploding' | 'steady';
}

/**
 * Norms of the gradient by step, `‖∂loss / ∂x[:, t]‖`.
 * @param loss  of the input alone: `(x) => mean(square(model(x) − y))`, synchronous
 * @param x     `[B, T, C]`
 * @returns  plain data: `report.lineChart([{ name: 'lstm', points: norms.map((norm, t) => [t, norm]) }])` draws it
 * @throws SHAPE  if x is not `[B, T, C]`
 * @source Bengio, Simard and Frasconi (1994), Learning long-term dependencies with gradient descent is difficult; Pascanu et al. (2013)
 * @example
 * import { square, sum, tensor } from '@dendrite/core';
 * import { gradientNormsByStep } from '@dendrite/rnn-lstm';
 * const x = tensor([[[3], [4]]]);
 * (await gradientNormsByStep((each) => sum(square(each)), x)).norms; // [6, 8]
 */
export async function gradientNormsByStep(loss: (x: Tensor) => Tensor, x: Tensor): Promise<GradientNorms> {
  if (x.shape.length !== 3)
    throw new DendriteError(
      'SHAPE',
      `gradientNormsByStep(): x must be [batch, time, channels], got [${x.shape.join(', ')}].`,
    );
  const { runtime } = x;
  const found = runtime.scope(() => sqrt(sum(square(grad(loss)(x)), { axes: [0, 2] })));
  const norms = Array.from(await found.data());
  found.dispose();
  const [first = 0] = norms;
  const last = norms.at(-1) ?? 0;
  const largest = norms.reduce((a, b) => Math.max(a, b), 0);
  const exploding = norms.some((norm) => !Number.isFinite(norm)) || first > 1000 * last;
  return {
    norms,
    ratio: last / first,
    verdict: exploding ? 'exploding' : first < largest / 1000 ? 'vanishing' : 'steady',
  };
}
