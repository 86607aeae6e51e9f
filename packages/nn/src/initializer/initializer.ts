/** How a layer's first weights are drawn. Data with a name, so that a model's file says how its weights began. */
import { fill, normal, uniform } from '@dendrite/core';
import { DendriteError, type Json, type Key, type Shape, type Tensor } from '@dendrite/spec';
import { orthogonalMatrix } from './orthogonal-matrix.ts';

/** How many inputs a unit has, and how many units an input reaches. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}
export interface Initializer {
  readonly '~dendrite': 'initializer';
  readonly name: string;
  readonly config: Json;
  make(key: Key, shape: Shape, fans: Fans): Tensor;
}

const named = (name: string, config: Json, make: Initializer['make']): Initializer =>
  Object.freeze({ '~dendrite': 'initializer', name, config, make } as const);

/** Numbers of mean 0 and this deviation. */
type Draw = (key: Key, shape: Shape, deviation: number) => Tensor;
const uniformly: Draw = (key, shape, deviation) => {
  const max = Math.sqrt(3) * deviation;
  return uniform(key, shape, { min: -max, max });
};
const normally: Draw = (key, shape, deviation) => normal(key, shape, { mean: 0, deviation });

/** Of a variance that depends on the fans. */
const scaled = (name: string, draw: Draw, variance: (fans: Fans) => number): Initializer =>
  named(name, null, (key, shape, fans) => draw(key, shape, Math.sqrt(variance(fans))));
const atLeastOne = (n: number): number => Math.max(1, n);

/** Variance `2 / (in + out)`, uniform: for tanh and sigmoid; the default of `dense` and `conv2d`. @source Glorot and Bengio (2010) */
export const glorotUniform: Initializer = /*#__PURE__*/ scaled(
  'glorotUniform',
  uniformly,
  (fans) => 2 / atLeastOne(fans.in + fans.out),
);
/** Variance `2 / (in + out)`, normal. @source Glorot and Bengio (2010) */
export const glorotNormal: Initializer = /*#__PURE__*/ scaled(
  'glorotNormal',
  normally,
  (fans) => 2 / atLeastOne(fans.in + fans.out),
);
/** Variance `2 / in`, uniform: for relu and its kin. @source He et al. (2015) */
export const heUniform: Initializer = /*#__PURE__*/ scaled('heUniform', uniformly, (fans) => 2 / atLeastOne(fans.in));
/** Variance `2 / in`, normal. @source He et al. (2015) */
export const heNormal: Initializer = /*#__PURE__*/ scaled('heNormal', normally, (fans) => 2 / atLeastOne(fans.in));
/** Variance `1 / in`, uniform: for selu. @source LeCun et al. (1998), Efficient BackProp */
export const lecunUniform: Initializer = /*#__PURE__*/ scaled(
  'lecunUniform',
  uniformly,
  (fans) => 1 / atLeastOne(fans.in),
);
/** Variance `1 / in`, normal. @source LeCun et al. (1998), Efficient BackProp */
export const lecunNormal: Initializer = /*#__PURE__*/ scaled(
  'lecunNormal',
  normally,
  (fans) => 1 / atLeastOne(fans.in),
);
/** 0 everywhere: biases. */
export const zeros: Initializer = /*#__PURE__*/ named('zeros', null, (key, shape) => fill(key.runtime, { shape }, 0));
/** 1 everywhere: scales. */
export const ones: Initializer = /*#__PURE__*/ named('ones', null, (key, shape) => fill(key.runtime, { shape }, 1));

/**
 * `value` everywhere.
 * @throws OPTION  unless it is a finite number
 */
export function constant(value: number): Initializer {
  if (!Number.isFinite(value))
    throw new DendriteError('OPTION', `constant(): value must be a finite number, got ${value}.`);
  return named('constant', { value }, (key, shape) => fill(key.runtime, { shape }, value));
}

/**
 * Rows (or columns, whichever are fewer) of length `gain` at right angles to each other; all axes but the last make the rows.
 * @param options.gain  default 1
 * @throws OPTION  unless gain is a finite number above 0
 * @source Saxe, McClelland and Ganguli (2014)
 */
export function orthogonal({ gain = 1 }: { readonly gain?: number } = {}): Initializer {
  if (!(gain > 0 && Number.isFinite(gain)))
    throw new DendriteError('OPTION', `orthogonal(): gain must be a finite number above 0, got ${gain}.`);
  return named('orthogonal', { gain }, (key, shape) => {
    if (key.runtime.device.valueless) return fill(key.runtime, { shape }, 0);
    const columns = shape.at(-1) ?? 1;
    const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    return key.runtime.tensor(orthogonalMatrix(key.words, rows, columns, gain), shape, 'float32');
  });
}

/** The initializer as a layer's config holds it; `initializers-table.ts` is the way back. */
export const initializerJson = (made: Initializer): Json => ({ name: made.name, config: made.config });
