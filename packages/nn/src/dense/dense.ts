/** The fully connected layer. */
import { add, fill, layer, matmul } from '@dendrite/core';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { type ActivationOption, activationJson } from '../activation/activation.ts';
import { glorotUniform, type Initializer, initializerJson } from '../initializer/initializer.ts';
import { activationRule, checkOptions, checkValue, count, flag, initializerRule } from '../option/check-options.ts';

export interface DenseOptions {
  readonly bias?: boolean;
  readonly initializer?: Initializer;
  readonly activation?: ActivationOption;
}
export type Dense = Layer<{ readonly weight: Tensor; readonly bias: Tensor }, Readonly<Record<never, never>>>;
export type DenseWithoutBias = Layer<{ readonly weight: Tensor }, Readonly<Record<never, never>>>;

/**
 * `y = activation(x · weight + bias)` along the last axis: `[…, F]` → `[…, units]`.
 * @param units                outputs, at least 1
 * @param options.bias         default true; starts at 0
 * @param options.initializer  of the weights `[F, units]`, default `glorotUniform`
 * @param options.activation   a function of a tensor, default none
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE from `init`, if the input has no last axis
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, heUniform } from '@dendrite/nn';
 * const hidden = dense(128, { activation: relu, initializer: heUniform });
 */
export function dense(units: number, options: DenseOptions & { readonly bias: false }): DenseWithoutBias;
export function dense(units: number, options?: DenseOptions): Dense;
export function dense(units: number, options: DenseOptions = {}): Dense | DenseWithoutBias {
  checkValue('dense', 'units', units, count);
  checkOptions('dense', options, { bias: flag, initializer: initializerRule, activation: activationRule });
  const { bias = true, initializer = glorotUniform, activation } = options;
  return layer<{ readonly weight: Tensor; readonly bias?: Tensor }>({
    name: 'nn/dense',
    config: { units, bias, initializer: initializerJson(initializer), activation: activationJson(activation) },
    init(key, input) {
      const features = input.at(-1);
      if (features === undefined || input.length < 2)
        throw new DendriteError(
          'SHAPE',
          `dense(): x must be [batch, …, features], got [${input.join(', ')}]. Put flatten before it, or give rows.`,
        );
      const weight = initializer.make(key.fork('weight'), [features, units], { in: features, out: units });
      const params = bias ? { weight, bias: fill(key.runtime, { shape: [units] }, 0) } : { weight };
      return { params, output: [...input.slice(0, -1), units] };
    },
    apply({ weight, bias: offset }, x) {
      const [features] = weight.shape;
      if (x.shape.at(-1) !== features)
        throw new DendriteError(
          'SHAPE',
          `dense(): x must have ${features} features on its last axis, got [${x.shape.join(', ')}]. Its weights were made for ${features}.`,
        );
      const product = matmul(x, weight);
      const y = offset === undefined ? product : add(product, offset);
      return activation === undefined ? y : activation(y);
    },
  }) as Dense;
}
