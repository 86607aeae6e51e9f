/** The paper's activation and its way of drawing first weights. */
import { mul, tanh, uniform } from '@dendrite/core';
import type { Initializer } from '@dendrite/nn';
import type { Tensor } from '@dendrite/spec';

/** `1.7159 · tanh(2 x / 3)`: so that ±1 lies where it bends most (appendix A of the paper). */
export const squash = (x: Tensor): Tensor => mul(tanh(mul(x, 2 / 3)), 1.7159);

/** Uniform between −2.4 / F and 2.4 / F, F inputs of a unit (appendix A). */
export const byFanIn: Initializer = Object.freeze({
  '~dendrite': 'initializer',
  name: 'byFanIn',
  config: null,
  make: (key, shape, fans) => uniform(key, shape, { min: -2.4 / fans.in, max: 2.4 / fans.in }),
} as const satisfies Initializer);
