/** LeNet-5 in the form that is trained today: 61,706 parameters for 28 × 28 gray images and ten classes. */
import { relu, tanh } from '@dendrite/core';
import { type Dense, dense, flatten, heUniform, type Initializer, type Sequential, sequential } from '@dendrite/nn';
import { DendriteError, type Shape, type Tensor } from '@dendrite/spec';
import { type Conv2d, conv2d } from '../layer/conv2d-layer.ts';
import { avgPool2d, maxPool2d, type Pool2d } from '../layer/pool2d-layer.ts';
import { checkLayerOptions } from '../window/check-layer-options.ts';

export interface LeNet5Options {
  readonly classes: number;
  readonly activation?: 'tanh' | 'relu';
  readonly pool?: 'average' | 'max';
}
type Activation = <S extends Shape>(x: Tensor<S>) => Tensor<S>;
export type LeNet5 = Sequential<
  readonly [
    Conv2d,
    Activation,
    Pool2d,
    Conv2d,
    Activation,
    Pool2d,
    (x: Tensor) => Tensor,
    Dense,
    Activation,
    Dense,
    Activation,
    Dense,
  ]
>;

/**
 * conv 5×5 (6, same) → pool 2 → conv 5×5 (16) → pool 2 → 120 → 84 → classes. Images `[B, 28, 28, 1]`, or any size from 12 × 12 and
 * any number of channels: the layers take their lengths from the first images. Gives logits, no softmax.
 * It differs from the paper of 1998: see the README of this package.
 * @param options.classes     outputs, at least 2
 * @param options.activation  `'tanh'` (default), or `'relu'` with He's initialisation
 * @param options.pool        `'average'` (default) or `'max'`
 * @throws OPTION  for an unknown option or a value out of its range
 * @source LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document recognition
 * @example
 * import { lenet5 } from '@dendrite/cnn';
 * import { classifier } from '@dendrite/nn';
 * import { adam } from '@dendrite/optimizers';
 * const model = classifier(lenet5({ classes: 10 }), { optimizer: adam() });
 */
export function lenet5(options: LeNet5Options): LeNet5 {
  checkLayerOptions('lenet5', options, ['classes', 'activation', 'pool']);
  const { classes, activation = 'tanh', pool = 'average' } = options;
  if (!Number.isInteger(classes) || classes < 2)
    throw new DendriteError(
      'OPTION',
      `lenet5(): classes must be a whole number of at least 2, got ${String(classes)}. Digits have 10.`,
    );
  if (activation !== 'tanh' && activation !== 'relu')
    throw new DendriteError(
      'OPTION',
      `lenet5(): activation must be 'tanh' or 'relu', got '${String(activation)}'. For another one write the layers out with sequential().`,
    );
  if (pool !== 'average' && pool !== 'max')
    throw new DendriteError('OPTION', `lenet5(): pool must be 'average' or 'max', got '${String(pool)}'.`);
  const act: Activation = activation === 'tanh' ? tanh : relu;
  const half = pool === 'average' ? avgPool2d(2) : maxPool2d(2);
  const start: { readonly initializer?: Initializer } = activation === 'relu' ? { initializer: heUniform } : {};
  return sequential(
    conv2d({ filters: 6, size: 5, padding: 'same', ...start }),
    act,
    half,
    conv2d({ filters: 16, size: 5, ...start }),
    act,
    half,
    flatten,
    dense(120, start),
    act,
    dense(84, start),
    act,
    dense(classes),
  );
}
