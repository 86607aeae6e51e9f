/** What all layers with filters share: how many, a bias, how they begin, an activation. The two-dimensional one is written out. */
import { add, fill, layer } from '@dendrite/core';
import { type ActivationOption, activationJson, glorotUniform, type Initializer, initializerJson } from '@dendrite/nn';
import { DendriteError, type Json, type Layer, type Shape, type Tensor } from '@dendrite/spec';
import { checkLayerOptions } from '../window/check-layer-options.ts';
import { packages } from './packages.ts';

export interface FilterOptions {
  readonly bias?: boolean;
  readonly initializer?: Initializer;
  readonly activation?: ActivationOption;
}
export type Filtering = Layer<{ readonly filters: Tensor; readonly bias?: Tensor }, Readonly<Record<never, never>>>;

/** What sets one kind of convolution apart. */
export interface ConvolutionKind {
  /** Its factory, `'conv1d'`, and its name in files. */
  readonly owner: string;
  readonly name: `cnn/${string}`;
  /** Names of its own options, and their values for a file. */
  readonly own: Readonly<Record<string, Json>>;
  /** The filters' shape for inputs of this shape. @throws SHAPE, OPTION */
  filters(input: Shape): Shape;
  /** Inputs and outputs of one unit, for the initializer. */
  fans(filters: Shape): { readonly in: number; readonly out: number };
  output(input: Shape, filters: Shape): Shape;
  run(x: Tensor, filters: Tensor): Tensor;
}

/** @throws OPTION  for an option that is neither the kind's own nor a filter's */
export function convolutionLayer(kind: ConvolutionKind, options: FilterOptions): Filtering {
  checkLayerOptions(kind.owner, options, [...Object.keys(kind.own), 'bias', 'initializer', 'activation']);
  const { bias = true, initializer = glorotUniform, activation } = options;
  if (typeof bias !== 'boolean')
    throw new DendriteError('OPTION', `${kind.owner}(): bias must be true or false, got ${String(bias)}.`);
  return layer<{ readonly filters: Tensor; readonly bias?: Tensor }>({
    name: kind.name,
    packages,
    config: {
      ...kind.own,
      bias,
      initializer: initializerJson(initializer),
      activation: activationJson(activation),
    },
    init(key, input) {
      const shape = kind.filters(input);
      const output = kind.output(input, shape);
      const filters = initializer.make(key.fork('filters'), shape, kind.fans(shape));
      const params = bias ? { filters, bias: fill(key.runtime, { shape: [output.at(-1) ?? 0] }, 0) } : { filters };
      return { params, output };
    },
    apply({ filters, bias: offset }, x) {
      const product = kind.run(x, filters);
      const y = offset === undefined ? product : add(product, offset);
      return activation === undefined ? y : activation(y);
    },
  });
}

/** @throws OPTION  unless it is a whole number of at least 1 */
export function positiveCount(owner: string, name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new DendriteError(
      'OPTION',
      `${owner}(): ${name} must be a whole number of at least 1, got ${String(value)}.`,
    );
  return value;
}

/** Taps times channels on either side of filters `[…taps, in, out]`, for so many groups. */
export function fansOf(filters: Shape, groups = 1): { readonly in: number; readonly out: number } {
  const [own = 1, count = 1] = filters.slice(-2);
  const taps = filters.slice(0, -2).reduce((a, b) => a * b, 1);
  return { in: taps * own, out: (taps * count) / groups };
}
