/** Rotary positions: queries and keys turned by their place, so that their product knows only the distance. */
import { add, mul, reshape, slice, stack, sub } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';

export interface RotaryOptions {
  readonly base?: number;
  readonly offset?: number;
}

/**
 * Turns each pair `(x₂ᵢ, x₂ᵢ₊₁)` of token t by the angle `(t + offset) · base^(−2i / D)`.
 * Used on queries and keys after they were split into heads; the product of two depends on the distance of their tokens alone.
 * @param x  `[…, T, D]`, D even
 * @param options.base    default 10,000
 * @param options.offset  place of the first token, default 0
 * @throws SHAPE  for an odd width
 * @gradient dx = dy turned back
 * @numerics angles are computed on the host in float64
 * @source Su et al. (2021), RoFormer, section 3.2
 * @example
 * import { rotaryPositions } from '@dendrite/attention';
 * import { tensor } from '@dendrite/core';
 * await rotaryPositions(tensor([[1, 0], [1, 0]])).toArray(); // [[1, 0], [0.5403…, 0.8414…]]
 */
export function rotaryPositions(x: Tensor, { base = 10_000, offset = 0 }: RotaryOptions = {}): Tensor {
  const [tokens = 0, width = 0] = x.shape.slice(-2);
  if (x.shape.length < 2 || width % 2 !== 0)
    throw new DendriteError(
      'SHAPE',
      `rotaryPositions(): x must be […, tokens, an even width], got [${x.shape.join(', ')}].`,
    );
  const half = width / 2;
  const { runtime } = x;
  const angle = (at: number): number => (Math.floor(at / half) + offset) * base ** ((-2 * (at % half)) / width);
  const table = (f: (angle: number) => number): Tensor =>
    runtime.tensor(
      Float64Array.from({ length: tokens * half }, (_, at) => f(angle(at))),
      [tokens, half],
      'float64',
    );
  return runtime.scope(() => {
    const inDtype = (f: (angle: number) => number): Tensor =>
      x.dtype === 'float64'
        ? table(f)
        : runtime.tensor(
            Float32Array.from({ length: tokens * half }, (_, at) => f(angle(at))),
            [tokens, half],
          );
    const [cosine, sine] = [inDtype(Math.cos), inDtype(Math.sin)];
    const pairs = reshape(x, [...x.shape.slice(0, -1), half, 2]);
    const part = (i: number): Tensor =>
      reshape(
        slice(pairs, {
          begin: [...x.shape.map(() => 0), i],
          size: [...x.shape.slice(0, -1), half, 1],
        }),
        [...x.shape.slice(0, -1), half],
      );
    const [even, odd] = [part(0), part(1)];
    return reshape(
      stack([sub(mul(even, cosine), mul(odd, sine)), add(mul(even, sine), mul(odd, cosine))], { axis: -1 }),
      x.shape,
    );
  });
}
