/** Normalisation across neighbouring channels, as AlexNet had it. */
import { add, layer, mul, pow, reshape, square } from '@dendrite/core';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { avgPool2d } from '../avg-pool2d/avg-pool2d.ts';
import { packages } from '../layer/packages.ts';
import { checkLayerOptions } from '../window/check-layer-options.ts';

export interface LocalResponseNormOptions {
  /** How many neighbouring channels, at least 1; default 5. */
  readonly size?: number;
  /** Default 1e-4. */
  readonly alpha?: number;
  /** Default 0.75. */
  readonly beta?: number;
  /** Default 1. */
  readonly k?: number;
}
export type LocalResponseNorm = Layer<Readonly<Record<never, never>>, Readonly<Record<never, never>>>;

/**
 * `y = x / (k + alpha / size · Σ x²)^beta`, the sum over the `size` channels around each (the last axis; fewer at its ends).
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for a tensor without channels
 * @gradient of the formula
 * @source Krizhevsky, Sutskever and Hinton (2012), section 3.3, with alpha over size as in torch.nn.LocalResponseNorm
 * @example
 * import { conv2d, localResponseNorm } from '@dendrite/cnn';
 * import { relu } from '@dendrite/core';
 * import { sequential } from '@dendrite/nn';
 * const stem = sequential(conv2d({ filters: 32, size: 5 }), relu, localResponseNorm());
 */
export function localResponseNorm(options: LocalResponseNormOptions = {}): LocalResponseNorm {
  checkLayerOptions('localResponseNorm', options, ['size', 'alpha', 'beta', 'k']);
  const { size = 5, alpha = 1e-4, beta = 0.75, k = 1 } = options;
  if (!Number.isInteger(size) || size < 1)
    throw new DendriteError('OPTION', `localResponseNorm(): size must be a whole number of at least 1, got ${size}.`);
  for (const [name, value] of Object.entries({ alpha, beta, k }))
    if (!(value > 0 && Number.isFinite(value)))
      throw new DendriteError('OPTION', `localResponseNorm(): ${name} must be a finite number above 0, got ${value}.`);
  return layer<Readonly<Record<never, never>>>({
    name: 'cnn/local-response-norm',
    config: { size, alpha, beta, k },
    packages,
    init: (_key, input) => ({ params: {}, output: input }),
    apply(_params, x: Tensor) {
      const channels = x.shape.at(-1);
      if (channels === undefined)
        throw new DendriteError('SHAPE', 'localResponseNorm(): x must have channels on its last axis, got a scalar.');
      if (x.size === 0) return x;
      // The channels as an image's width: its mean pooling sums over neighbours.
      const power = avgPool2d(reshape(square(x), [x.size / channels, 1, channels, 1]), {
        size: [1, size],
        stride: 1,
        padding: { before: [0, size >> 1], after: [0, (size - 1) >> 1] },
        countPadding: true,
      });
      return mul(x, pow(add(mul(reshape(power, x.shape), alpha), k), -beta));
    },
  });
}
