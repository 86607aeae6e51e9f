/** Random tensors. The same key gives the same numbers: fork it for every use. */
import {
  DendriteError,
  type DType,
  type Expression,
  type ExpressionOp,
  type Key,
  type Shape,
  type Tensor,
} from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { clip } from '../clip/clip.ts';
import { add, mul } from '../expression/arithmetic.ts';
import { less } from '../expression/comparisons.ts';
import { expressionOp, only } from '../expression/expression-op.ts';
import { argument, castTo, f, input } from '../expression/formula.ts';
import { abs } from '../expression/mathematics.ts';
import { whole } from '../option.ts';
import { sort } from '../sort/sort.ts';
import { where } from '../where/where.ts';
import { randomBits } from './random-bits.ts';

// The upper 24 bits of a word as a whole number in [0, 2²⁴). The lower 8 are taken off before the cast, which is exact then.
const upperBits = (dtype: 'float32' | 'float64'): Expression =>
  f.add(f.div(castTo(dtype, f.sub(input(0), f.mod(input(0), 256))), 256), 2 ** 23);
const ops = new Map<string, ExpressionOp>();
function unitOp(dtype: 'float32' | 'float64'): ExpressionOp {
  let op = ops.get(dtype);
  if (op === undefined) {
    // (n + ½) / 2²⁴ would round to 1 at the top in float32, so [0, 1): n / 2²⁴.
    op = expressionOp({
      name: `core/uniform-${dtype}`,
      inputs: 1,
      expressions: [f.add(argument(0), f.mul(argument(1), f.div(upperBits(dtype), 2 ** 24)))],
      derivatives: 'zero',
    });
    ops.set(dtype, op);
  }
  return op;
}

type Float = 'float32' | 'float64';
const floatOnly = (operation: string, dtype: DType): Float => {
  if (dtype === 'float32' || dtype === 'float64') return dtype;
  throw new DendriteError('DTYPE', `${operation}(): dtype must be float32 or float64, got ${dtype}. Cast the result.`);
};

/**
 * Uniform in [min, max), in steps of (max − min) / 2²⁴. Where floats are farther apart than that, rounding may give `max` itself.
 * @param options.min  default 0
 * @param options.max  default 1
 * @param options.dtype  float32 (default) or float64
 * @throws OPTION  unless min < max, both finite
 * @example
 * import { defaultRuntime, uniform } from '@dendrite/core';
 * const key = defaultRuntime().key(7);
 * const noise = uniform(key.fork('noise'), [2, 3], { min: -1, max: 1 });
 */
export function uniform<const S extends Shape>(
  key: Key,
  shape: S,
  {
    min = 0,
    max = 1,
    dtype = 'float32',
  }: { readonly min?: number; readonly max?: number; readonly dtype?: DType } = {},
): Tensor<S> {
  if (!(min < max) || !Number.isFinite(max - min))
    throw new DendriteError('OPTION', `uniform(): min must be below max, both finite, got ${min} and ${max}.`);
  const float = floatOnly('uniform', dtype);
  return runInScope(
    () => only(key.runtime.run(unitOp(float), [randomBits(key, shape)], {}, [min, max - min])),
    'uniform',
  ) as Tensor<S>;
}

const normalOps = new Map<string, ExpressionOp>();
/** Box–Muller: √(−2 ln u) · cos 2πv, with u in (0, 1]. */
function normalOp(dtype: Float): ExpressionOp {
  let op = normalOps.get(dtype);
  if (op === undefined) {
    const u = f.sub(1, input(0));
    op = expressionOp({
      name: `core/normal-${dtype}`,
      inputs: 2,
      expressions: [
        f.add(argument(0), f.mul(argument(1), f.mul(f.sqrt(f.mul(-2, f.log(u))), f.cos(f.mul(2 * Math.PI, input(1)))))),
      ],
      derivatives: 'zero',
    });
    normalOps.set(dtype, op);
  }
  return op;
}

export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation, ≥ 0; default 1. */
  readonly deviation?: number;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

const checkDeviation = (operation: string, deviation: number): number => {
  if (!(deviation >= 0 && deviation < Number.POSITIVE_INFINITY))
    throw new DendriteError('OPTION', `${operation}(): deviation must be a finite number ≥ 0, got ${deviation}.`);
  return deviation;
};

/** Normal (Gauss) distribution, by Box and Muller's method; no value is farther than 5.8 deviations from the mean. @throws OPTION */
export function normal<const S extends Shape>(
  key: Key,
  shape: S,
  { mean = 0, deviation = 1, dtype = 'float32' }: NormalOptions = {},
): Tensor<S> {
  checkDeviation('normal', deviation);
  const float = floatOnly('normal', dtype);
  return runInScope(() => {
    const u = uniform(key.fork('radius'), shape, { dtype: float });
    const v = uniform(key.fork('angle'), shape, { dtype: float });
    return only(key.runtime.run(normalOp(float), [u, v], {}, [mean, deviation]));
  }, 'normal') as Tensor<S>;
}

const redraws = 16;

/**
 * Normal distribution without what is farther than two deviations from the mean: such values are drawn again, up to 16 times
 * (one in 10²¹ is still outside then, and is clipped).
 * @throws OPTION
 */
export function truncatedNormal<const S extends Shape>(
  key: Key,
  shape: S,
  { mean = 0, deviation = 1, dtype = 'float32' }: NormalOptions = {},
): Tensor<S> {
  checkDeviation('truncatedNormal', deviation);
  floatOnly('truncatedNormal', dtype);
  return runInScope(() => {
    let drawn: Tensor = normal(key.fork(0), shape, { dtype });
    for (let n = 1; n < redraws; n++)
      drawn = runInScope(
        () => where(less(abs(drawn), 2), drawn, normal(key.fork(n), shape, { dtype })),
        'truncatedNormal',
      );
    return add(mul(clip(drawn, { min: -2, max: 2 }), deviation), mean);
  }, 'truncatedNormal') as Tensor<S>;
}

/** True with `probability`: bool. @param options.probability from 0 to 1 @throws OPTION */
export function bernoulli<const S extends Shape>(
  key: Key,
  shape: S,
  options: { readonly probability: number },
): Tensor<S> {
  const probability: unknown = options?.probability;
  if (!(typeof probability === 'number' && probability >= 0 && probability <= 1))
    throw new DendriteError(
      'OPTION',
      `bernoulli(): probability must be from 0 to 1, got ${String(probability)}. Write bernoulli(key, shape, { probability: 0.5 }).`,
    );
  return runInScope(() => less(uniform(key, shape), probability), 'bernoulli') as Tensor<S>;
}

/** The numbers 0 … n − 1 in random order: int32 `[n]`. @throws OPTION */
export function permutation(key: Key, n: number): Tensor<readonly [number]> {
  whole('permutation', 'n', n);
  // Sorting by random words is unbiased while words differ; equal words keep their order, which for n below 2¹⁶ happens seldom.
  return runInScope(() => sort(randomBits(key, [n])).indices, 'permutation') as Tensor<readonly [number]>;
}
