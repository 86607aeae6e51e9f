/** S2 and S4: each map is halved; what four pixels add up to is weighed and shifted by two trained numbers a map. */
import { avgPool2d } from '@dendrite/cnn/ops';
import { add, layer, mul, ones, uniform, zeros } from '@dendrite/core';
import type { Layer, Tensor } from '@dendrite/spec';

export type Subsampling = Layer<
  { readonly coefficient: Tensor; readonly bias: Tensor },
  Readonly<Record<never, never>>
>;

/** `coefficient · Σ x + bias` over windows of 2 × 2: `[B, H, W, C]` → `[B, H/2, W/2, C]`, 2 · C parameters. */
export const subsampling = (): Subsampling =>
  layer<{ readonly coefficient: Tensor; readonly bias: Tensor }>({
    name: 'examples/subsampling',
    config: null,
    init(key, [batch = 0, height = 0, width = 0, channels = 0]) {
      const { runtime } = key;
      // Around a mean (1/4) rather than around nothing: a map that starts at 0 would pass nothing on.
      const drawn = uniform(key.fork('coefficient'), [channels], { min: -0.1, max: 0.1 });
      return {
        params: {
          coefficient: add(drawn, mul(ones([channels], { runtime }), 0.25)),
          bias: zeros([channels], { runtime }),
        },
        output: [batch, height >> 1, width >> 1, channels],
      };
    },
    apply: ({ coefficient, bias }, x) => add(mul(mul(avgPool2d(x, { size: 2 }), 4), coefficient), bias),
  });
