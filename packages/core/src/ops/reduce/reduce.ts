/** Reductions over axes: one primitive of four kinds, and what is made of them. */
import {
  DendriteError,
  defineOp,
  type GradientRule,
  type PrimitiveOp,
  type Shape,
  type Tensor,
  type TensorSpec,
} from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { broadcastTo } from '../broadcast/broadcast-to.ts';
import { cast } from '../cast/cast.ts';
import { cumulativeProduct } from '../cumulative/cumulative.ts';
import { add, div, mul, sub } from '../expression/arithmetic.ts';
import { equal, logicalNot } from '../expression/comparisons.ts';
import { checked, only } from '../expression/expression-op.ts';
import { exp, log, square } from '../expression/mathematics.ts';
import { frontAxes } from '../option.ts';
import { reshape } from '../reshape/reshape.ts';
import { sizeOf } from '../strides.ts';
import { transpose } from '../transpose/transpose.ts';
import { where } from '../where/where.ts';

export interface ReduceOptions {
  /** Default: all. */
  readonly axes?: number | readonly number[];
  /** Reduced axes stay with length 1. Default false. */
  readonly keepDims?: boolean;
}
type Kind = readonly [op: PrimitiveOp, kind: 'sum' | 'prod' | 'max' | 'min'];

const kept = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((length, axis) => (axes.includes(axis) ? 1 : length));

/** Sums: their gradient reads nothing. The others are this op with rules of their own, so that who adds up carries no other rule. */
const sumOp: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/reduce',
  infer: ([x], attributes) => {
    const { shape, dtype } = x as TensorSpec;
    const axes = attributes.axes as readonly number[];
    const { kind } = attributes;
    if ((kind === 'sum' || kind === 'prod') && (dtype === 'bool' || dtype === 'uint8'))
      throw new DendriteError(
        'DTYPE',
        `${kind}(): input must be float or int32, got ${dtype}. Cast it: cast(x, 'int32').`,
      );
    return [{ shape: shape.filter((_, axis) => !axes.includes(axis)), dtype }];
  },
  flops: ({ inputs: [x] }) => sizeOf(x?.shape ?? []),
  saves: {},
  gradient: ({ dy: [d = null], spec, attributes }) => {
    const { shape } = spec(0);
    return [d && broadcastTo(reshape(d, kept(shape, attributes.axes as readonly number[])), shape)];
  },
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/reduce']),
    wasm: () => import('../network.wasm.ts').then((m) => m.reduceWasmKernel),
  },
});
const extremeOp: PrimitiveOp = /*#__PURE__*/ withRule(
  { inputs: [0], outputs: [0] },
  ({ dy: [d], input, output, spec, attributes }) => {
    if (!d) return [null];
    const axes = attributes.axes as readonly number[];
    const wide = kept(spec(0).shape, axes);
    // The winners share the gradient equally.
    const winners = cast(equal(input(0), reshape(output(0), wide)), d.dtype);
    return [mul(winners, div(reshape(d, wide), sum(winners, { axes, keepDims: true })))];
  },
);

const productOp: PrimitiveOp = /*#__PURE__*/ withRule(
  { inputs: [0] },
  ({ dy: [d = null], input, spec, attributes }) => {
    const axes = attributes.axes as readonly number[];
    return [d && productGradient(input(0), reshape(d, kept(spec(0).shape, axes)), axes)];
  },
);

/** The same op, not defined a second time. */
function withRule(saves: PrimitiveOp['saves'], gradient: GradientRule): PrimitiveOp {
  return { ...sumOp, saves, gradient };
}

/** Each element's cotangent is the product of all others: exact where elements are 0, unlike y / x. */
function productGradient(x: Tensor, dy: Tensor, axes: readonly number[]): Tensor {
  const front = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...front, ...axes];
  const moved = transpose(x, order);
  const rows = reshape(moved, [
    ...front.map((axis) => x.shape[axis] as number),
    axes.reduce((size, axis) => size * (x.shape[axis] as number), 1),
  ]);
  const others = mul(
    cumulativeProduct(rows, { exclusive: true }),
    cumulativeProduct(rows, { exclusive: true, reverse: true }),
  );
  return mul(
    transpose(
      reshape(others, moved.shape),
      order.map((_, i) => order.indexOf(i)),
    ),
    dy,
  );
}

function reduce(name: string, x: Tensor, [op, kind]: Kind, options: ReduceOptions = {}): Tensor {
  const { shape } = checked(x, name);
  const which = axesOf(name, options, shape);
  const { keepDims = false } = options;
  const run = (): Tensor => only(x.runtime.run(op, [x], { kind, axes: which }));
  return keepDims ? runInScope(() => reshape(run(), kept(shape, which)), name) : run();
}

/** The axes of a reduction, from the front. @throws OPTION  also for `axis`, which would mean all axes without a word */
function axesOf(name: string, options: ReduceOptions, shape: Shape): readonly number[] {
  if ('axis' in options)
    throw new DendriteError(
      'OPTION',
      `${name}(): reductions take 'axes' (a number or a list), got 'axis'. Write ${name}(x, { axes: ${String(options.axis)} }).`,
    );
  return frontAxes(name, options.axes, shape);
}

/** @throws DTYPE  unless it is a float tensor */
function floats(name: string, x: Tensor): Tensor {
  const { dtype } = checked(x, name);
  if (dtype !== 'float32' && dtype !== 'float64')
    throw new DendriteError(
      'DTYPE',
      `${name}(): input must be float32 or float64, got ${dtype}. Cast it: cast(x, 'float32').`,
    );
  return x;
}

/** Number of elements that a reduction joins. */
const joined = (x: Tensor, axes: readonly number[]): number =>
  axes.reduce((size, axis) => size * (x.shape[axis] as number), 1);

/** Sum: `Σ x`; 0 over nothing. @gradient dy, stretched @throws OPTION */
export const sum = (x: Tensor, options?: ReduceOptions): Tensor => reduce('sum', x, [sumOp, 'sum'], options);
/** Product: `Π x`; 1 over nothing. @gradient dy · the product of all other elements @throws OPTION */
export const prod = (x: Tensor, options?: ReduceOptions): Tensor => reduce('prod', x, [productOp, 'prod'], options);
/** Largest element; NaN if any is; −∞ over nothing. @gradient equal parts to all that are largest @throws OPTION */
export const max = (x: Tensor, options?: ReduceOptions): Tensor => reduce('max', x, [extremeOp, 'max'], options);
/** Smallest element; NaN if any is; ∞ over nothing. @gradient equal parts to all that are smallest @throws OPTION */
export const min = (x: Tensor, options?: ReduceOptions): Tensor => reduce('min', x, [extremeOp, 'min'], options);
/** Mean: `Σ x / n`; NaN over nothing. @throws OPTION, DTYPE (floats only) */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const n = joined(x, axesOf('mean', options, floats('mean', x).shape));
  return runInScope(() => div(reduce('mean', x, [sumOp, 'sum'], options), n), 'mean');
}

/**
 * Variance: `Σ (x − mean)² / (n − correction)`, in two passes.
 * @param options.correction  1 for the unbiased estimate of a sample; default 0
 * @example
 * import { tensor, variance } from '@dendrite/core';
 * await variance(tensor([1, 2, 3, 4])).item(); // 1.25
 * await variance(tensor([[1, 3], [4, 4]]), { axes: 1 }).toArray(); // [1, 0]
 */
export function variance(x: Tensor, options: ReduceOptions & { readonly correction?: number } = {}): Tensor {
  const which = axesOf('variance', options, floats('variance', x).shape);
  const { keepDims = false, correction = 0 } = options;
  return runInScope(() => {
    const off = sub(x, mean(x, { axes: which, keepDims: true }));
    return div(sum(square(off), { axes: which, keepDims }), joined(x, which) - correction);
  }, 'variance');
}

/** `ln Σ eˣ` without overflow: the maximum is taken out first. −∞ over −∞ alone. */
export function logSumExp(x: Tensor, options: ReduceOptions = {}): Tensor {
  const which = axesOf('logSumExp', options, floats('logSumExp', x).shape);
  const { keepDims = false } = options;
  const { runtime } = x;
  return runInScope(() => {
    // A constant shift: its gradient cancels. Where the maximum is infinite nothing may be taken out.
    const top = runtime.untracked(() => {
      const largest = max(x, { axes: which, keepDims: true });
      return where(equal(sub(largest, largest), 0), largest, 0);
    });
    const made = log(sum(exp(sub(x, top)), { axes: which, keepDims }));
    return add(made, keepDims ? top : reshape(top, made.shape));
  }, 'logSumExp');
}

/** Whether any element is true; false over nothing. */
export const any = (x: Tensor, options?: ReduceOptions): Tensor =>
  runInScope(() => cast(max(cast(checked(x, 'any'), 'int32'), options), 'bool'), 'any');
/** Whether all elements are true; true over nothing. */
export const all = (x: Tensor, options?: ReduceOptions): Tensor =>
  runInScope(() => logicalNot(any(logicalNot(checked(x, 'all')), options)), 'all');
