/** Sinusoidal positions: fixed waves of growing length, added to the tokens. */
import { add } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';

/**
 * `x + p` with `p[t, 2i] = sin(t / 10000^(2i/C))` and `p[t, 2i+1] = cos(t / 10000^(2i/C))`.
 * A function of one tensor, hence a layer; it has no parameters and knows no longest sequence.
 * @param x  `[…, T, C]`
 * @throws SHAPE  for fewer than two axes
 * @gradient dy
 * @source Vaswani et al. (2017), section 3.5
 * @example
 * import { sinusoidalPositions } from '@dendrite/attention';
 * import { zeros } from '@dendrite/core';
 * await sinusoidalPositions(zeros([2, 2])).toArray(); // [[0, 1], [0.8414…, 0.5403…]]
 */
export function sinusoidalPositions(x: Tensor): Tensor {
  const [tokens = 0, width = 0] = x.shape.slice(-2);
  if (x.shape.length < 2)
    throw new DendriteError(
      'SHAPE',
      `sinusoidalPositions(): x must be […, tokens, width], got [${x.shape.join(', ')}].`,
    );
  const waves = Float64Array.from({ length: tokens * width }, (_, at) => {
    const i = at % width;
    const angle = Math.floor(at / width) / 10_000 ** ((i - (i % 2)) / width);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  const { runtime } = x;
  return runtime.scope(() =>
    add(x, runtime.tensor(x.dtype === 'float64' ? waves : Float32Array.from(waves), [tokens, width])),
  );
}
