/** Matrix product. */
import { DendriteError, defineOp, type PrimitiveOp, type Shape, type Tensor, type TensorSpec } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { broadcastTo } from '../broadcast/broadcast-to.ts';
import { broadcastRule } from '../expression/broadcast-rule.ts';
import { checked, only } from '../expression/expression-op.ts';
import { reshape } from '../reshape/reshape.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/matmul',
  infer: ([left, right], { transposeA, transposeB }) => {
    const a = left as TensorSpec;
    const b = right as TensorSpec;
    const rank = a.shape.length;
    const [m, k] = pair(a.shape, transposeA === true);
    const [l, n] = pair(b.shape, transposeB === true);
    if (a.dtype !== b.dtype)
      throw new DendriteError(
        'DTYPE',
        `matmul(): operands must have one dtype, got ${a.dtype} and ${b.dtype}. Cast one.`,
      );
    if (a.dtype !== 'float32' && a.dtype !== 'float64')
      throw new DendriteError(
        'DTYPE',
        `matmul(): operands must be floats, got ${a.dtype}. Cast them: cast(x, 'float32').`,
      );
    if (k !== l)
      throw new DendriteError(
        'SHAPE',
        `matmul(): inner dimensions must agree, got [${a.shape.join(', ')}]${transposeA ? 'ᵀ' : ''} × [${b.shape.join(', ')}]${transposeB ? 'ᵀ' : ''} (${k} ≠ ${l}). Transpose or reshape one operand.`,
      );
    return [{ shape: [...(rank === 3 ? [a.shape[0] as number] : []), m, n], dtype: a.dtype }];
  },
  flops: ({ inputs: [a], outputs: [y], attributes }) =>
    2 * (y?.shape ?? []).reduce((p, q) => p * q, 1) * pair(a?.shape ?? [], attributes.transposeA === true)[1],
  saves: { inputs: [0, 1] },
  gradient: ({ dy: [d], input, attributes, needs }) => {
    if (!d) return [null, null];
    const a = input(0);
    const b = input(1);
    const ta = attributes.transposeA === true;
    const tb = attributes.transposeB === true;
    const times = (x: Tensor, y: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
      only(x.runtime.run(op, [x, y], { transposeA, transposeB }));
    return [
      needs[0] ? (ta ? times(b, d, tb, true) : times(d, b, false, !tb)) : null,
      needs[1] ? (tb ? times(d, a, true, ta) : times(a, d, !ta, false)) : null,
    ];
  },
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/matmul']),
    wasm: () => import('../network.wasm.ts').then((m) => m.matmulWasmKernel),
  },
});

/** Rows and columns of the last two axes, as they are used. */
function pair(shape: Shape, transposed: boolean): readonly [number, number] {
  const rows = shape[shape.length - 2] as number;
  const columns = shape[shape.length - 1] as number;
  return transposed ? [columns, rows] : [rows, columns];
}

export interface MatmulOptions {
  /** The first operand's last two axes are swapped, without a copy. Default false. */
  readonly transposeA?: boolean;
  /** The second operand's. Default false. */
  readonly transposeB?: boolean;
}

/** Two matrices whose inner lengths are known and differ do not fit; whatever is not known does. */
export type InnerFits<A extends Shape, B extends Shape> = A extends readonly [number, infer K extends number]
  ? B extends readonly [infer L extends number, number]
    ? number extends K | L
      ? unknown
      : [K] extends [L]
        ? unknown
        : Tensor<readonly [K, number]>
    : unknown
  : unknown;
export type ProductShape<A extends Shape, B extends Shape> = A extends readonly [infer M extends number, number]
  ? B extends readonly [number, infer N extends number]
    ? readonly [M, N]
    : Shape
  : Shape;

/**
 * Matrix product: `y[…, i, j] = Σₖ a[…, i, k] · b[…, k, j]`.
 * Axes before the last two are a batch and broadcast; a batch times one matrix is a single product.
 * @param a  `[…, M, K]` (`[…, K, M]` if transposed), float
 * @param b  `[…, K, N]` (`[…, N, K]` if transposed), float
 * @returns  `[…, M, N]`
 * @throws SHAPE, DTYPE
 * @gradient  da = dy · bᵀ, db = aᵀ · dy (saves both)
 * @complexity  2·M·N·K flops
 * @numerics  one ascending chain over K for each element, whatever the batch
 * @example
 * import { matmul, tensor } from '@dendrite/core';
 * const a = tensor([[1, 2], [3, 4]]);
 * await matmul(a, tensor([[1], [10]])).toArray(); // [[21], [43]]
 * await matmul(a, a, { transposeB: true }).toArray(); // [[5, 11], [11, 25]]
 */
export function matmul<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & InnerFits<A, B>,
): Tensor<ProductShape<A, B>>;
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions | undefined): Tensor;
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  const { runtime } = checked(a, 'matmul');
  checked(b, 'matmul');
  const rank = a.shape.length;
  if (rank < 2 || b.shape.length < 2)
    throw new DendriteError(
      'SHAPE',
      `matmul(): operands must have at least two axes, got [${a.shape.join(', ')}] and [${b.shape.join(', ')}]. Add one with expandDims().`,
    );
  const attributes = transposeA ? (transposeB ? both : first) : transposeB ? second : neither;
  if (rank === 2 && b.shape.length === 2) return only(runtime.run(op, [a, b], attributes));
  const [m, k] = pair(a.shape, transposeA);
  const [, n] = pair(b.shape, transposeB);
  if (b.shape.length === 2 && !transposeA) {
    const rows = a.shape.slice(0, -1).reduce((p, q) => p * q, 1);
    return runInScope(
      () => reshape(only(runtime.run(op, [reshape(a, [rows, k]), b], attributes)), [...a.shape.slice(0, -2), m, n]),
      'matmul',
    );
  }
  const batch = broadcastRule('matmul', [a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const flat = (x: Tensor): Tensor => {
    const matrix = x.shape.slice(-2);
    const wide =
      x.shape.length - 2 === batch.length && batch.every((length, axis) => length === x.shape[axis])
        ? x
        : broadcastTo(x, [...batch, ...matrix]);
    return reshape(wide, [batch.reduce((p, q) => p * q, 1), ...matrix]);
  };
  return runInScope(() => reshape(only(runtime.run(op, [flat(a), flat(b)], attributes)), [...batch, m, n]), 'matmul');
}

// Four objects, so that a repeated call finds its plan by reference.
const neither = Object.freeze({ transposeA: false, transposeB: false });
const first = Object.freeze({ transposeA: true, transposeB: false });
const second = Object.freeze({ transposeA: false, transposeB: true });
const both = Object.freeze({ transposeA: true, transposeB: true });
