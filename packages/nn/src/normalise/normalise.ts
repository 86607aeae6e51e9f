/** Normalisation with scale and offset as ops: over each row (layer norm) and over each column (batch norm), one way each. */
import { add, mean, mul, rsqrt, square, sub, sum } from '@dendrite/core';
import {
  type CompositeOp,
  DendriteError,
  defineOp,
  type Tensor,
  type TensorSpec,
  type WasmKernel,
} from '@dendrite/spec';

type Over = 'rows' | 'columns';
const axisOf: Readonly<Record<Over, number>> = { rows: 1, columns: 0 };

/** Rows and columns of x. @throws SHAPE, DTYPE */
export function checkRows(
  name: string,
  x: TensorSpec | undefined,
  others: readonly (TensorSpec | undefined)[],
): [number, number] {
  const [rows, width] = x?.shape ?? [];
  if (x?.shape.length !== 2 || rows === undefined || width === undefined)
    throw new DendriteError('SHAPE', `${name}: x must be [rows, columns], got [${x?.shape.join(', ') ?? ''}].`);
  for (const other of others)
    if (other?.dtype !== x.dtype || other.shape.length !== 1 || other.shape[0] !== width)
      throw new DendriteError(
        'SHAPE',
        `${name}: scale and offset must be ${x.dtype} [${width}], got ${other?.dtype ?? 'nothing'} [${other?.shape.join(', ') ?? ''}].`,
      );
  return [rows, width];
}

const sizeOf = (x: TensorSpec | undefined): number => (x?.shape ?? []).reduce((product, length) => product * length, 1);
const epsilonOf = (attributes: { readonly [name: string]: unknown }): number => Number(attributes.epsilon);

function normaliseOp(over: Over, wasm: () => Promise<WasmKernel>, gradientOp: () => CompositeOp): CompositeOp {
  const name = `nn/normalise-${over}` as const;
  const axes = axisOf[over];
  return {
    '~dendrite': 'op',
    kind: 'composite',
    name,
    infer([x, scale, offset]) {
      const [rows, width] = checkRows(name, x, [scale, offset]);
      const dtype = x?.dtype ?? 'float32';
      const shape = over === 'rows' ? [rows, 1] : [1, width];
      return [
        { shape: [rows, width], dtype },
        { shape, dtype },
        { shape, dtype },
      ];
    },
    flops: ({ inputs: [x] }) => 8 * sizeOf(x),
    saves: { inputs: [0, 1], outputs: [1, 2] },
    gradient({ input, output, dy: [dy, dMean, dVariance], attributes }) {
      const [x, average, variance] = [input(0), output(1), output(2)];
      const [dx, dScale, dOffset] = dy
        ? dy.runtime.run(gradientOp(), [x, input(1), average, variance, dy], attributes)
        : [null, null, null];
      const share = 1 / (x.shape[axes] ?? 1);
      const parts = [
        dx ?? null,
        dMean ? mul(dMean, share) : null,
        dVariance ? mul(sub(x, average), mul(dVariance, 2 * share)) : null,
      ].filter((part) => part !== null);
      // A cotangent of the mean alone is not yet in x's shape.
      const all = parts.reduce<Tensor | null>((total, part) => (total ? add(total, part) : part), null);
      return [all && all.size !== x.size ? add(all, mul(x, 0)) : all, dScale ?? null, dOffset ?? null];
    },
    decompose([x, scale, offset], attributes) {
      if (!x || !scale || !offset) return [];
      const average = mean(x, { axes, keepDims: true });
      const centred = sub(x, average);
      const variance = mean(square(centred), { axes, keepDims: true });
      const y = add(mul(mul(centred, rsqrt(add(variance, epsilonOf(attributes)))), scale), offset);
      return [y, average, variance];
    },
    kernels: { wasm },
  };
}

/** Inputs x, scale, mean, variance, dy; outputs dx, dscale, doffset. */
function normaliseGradientOp(over: Over, wasm: () => Promise<WasmKernel>): CompositeOp {
  const name = `nn/normalise-${over}-gradient` as const;
  const axes = axisOf[over];
  return {
    '~dendrite': 'op',
    kind: 'composite',
    name,
    infer([x, scale]) {
      const [rows, width] = checkRows(name, x, [scale]);
      const dtype = x?.dtype ?? 'float32';
      return [
        { shape: [rows, width], dtype },
        { shape: [width], dtype },
        { shape: [width], dtype },
      ];
    },
    flops: ({ inputs: [x] }) => 14 * sizeOf(x),
    saves: {},
    gradient: { none: 'the second derivative of layer norm and batch norm is not built' },
    decompose([x, scale, average, variance, dy], attributes) {
      if (!x || !scale || !average || !variance || !dy) return [];
      const root = rsqrt(add(variance, epsilonOf(attributes)));
      const standard = mul(sub(x, average), root);
      const scaled = mul(dy, scale);
      const along = { axes, keepDims: true };
      const common = add(mean(scaled, along), mul(standard, mean(mul(scaled, standard), along)));
      return [mul(root, sub(scaled, common)), sum(mul(dy, standard), { axes: 0 }), sum(dy, { axes: 0 })];
    },
    kernels: { wasm },
  };
}

const rowsGradient: CompositeOp = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ normaliseGradientOp('rows', () =>
    import('./normalise-rows.wasm.ts').then((m) => m.normaliseRowsGradientWasmKernel),
  ),
);
const columnsGradient: CompositeOp = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ normaliseGradientOp('columns', () =>
    import('./normalise-columns.wasm.ts').then((m) => m.normaliseColumnsGradientWasmKernel),
  ),
);

/**
 * `y = (x − mean) / √(variance + epsilon) · scale + offset`, mean and variance of each row of `[R, W]`; two passes over the data.
 * Outputs y, mean `[R, 1]`, variance `[R, 1]`.
 * @gradient  dx = (g − mean g − x̂ · mean(g · x̂)) / σ with g = dy · scale; dscale = Σ dy · x̂, doffset = Σ dy over rows
 */
export const normaliseRowsOp: CompositeOp = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ normaliseOp(
    'rows',
    () => import('./normalise-rows.wasm.ts').then((m) => m.normaliseRowsWasmKernel),
    () => rowsGradient,
  ),
);
/** The same with mean and variance of each column: `[1, W]` both. */
export const normaliseColumnsOp: CompositeOp = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ normaliseOp(
    'columns',
    () => import('./normalise-columns.wasm.ts').then((m) => m.normaliseColumnsWasmKernel),
    () => columnsGradient,
  ),
);
