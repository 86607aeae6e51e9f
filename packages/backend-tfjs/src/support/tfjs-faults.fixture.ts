/**
 * What tfjs 4.22.0 gets wrong, each as one call of its kernel: the reasons behind the rows of `tfjsSupport` that are not
 * native. A test sees that each is still there; one that is gone lets a composition go with it. Not among them: WASM's Select
 * and Reverse of bools, which read and write four bytes for each and so destroy the memory behind them.
 */
import { DendriteError, type Device } from '@dendrite/spec';
import { TfjsDevice } from '../device/tfjs-device.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { StoredDtype, Value } from '../kernels/value.ts';
import type { KernelAttributes } from '../load/tfjs-api.ts';
import type { TfjsVariant } from '../load/tfjs-options.ts';

export interface TfjsFault {
  readonly what: string;
  readonly variant: TfjsVariant;
  /** The right answer. */
  readonly wanted: readonly number[];
  /** Relative error that counts as a fault. Default 1e-4. */
  readonly tolerance?: number;
  measure(kernels: Kernels): Value;
}

const put = (
  kernels: Kernels,
  shape: readonly number[],
  data: readonly number[],
  dtype: StoredDtype = 'float32',
): Value => {
  const array =
    dtype === 'float32' ? Float32Array.from(data) : dtype === 'int32' ? Int32Array.from(data) : Uint8Array.from(data);
  return kernels.upload(array, shape, dtype);
};
type Inputs = {
  readonly [name: string]: readonly [shape: readonly number[], data: readonly number[], dtype?: StoredDtype];
};
const fault = (
  variant: TfjsVariant,
  what: string,
  kernel: string,
  inputs: Inputs,
  attributes: KernelAttributes,
  wanted: readonly number[],
  tolerance?: number,
): TfjsFault => ({
  what,
  variant,
  wanted,
  ...(tolerance === undefined ? {} : { tolerance }),
  measure: (kernels) =>
    kernels.run(
      kernel,
      Object.fromEntries(
        Object.entries(inputs).map(([name, [shape, data, dtype]]) => [name, put(kernels, shape, data, dtype)]),
      ),
      attributes,
    ),
});

const pool = { filterSize: [2, 2], strides: [2, 2], pad: 'valid', dataFormat: 'NHWC' };
const padded = {
  filterSize: [3, 3],
  strides: [2, 2],
  pad: [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ],
};
const noBorder = [
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
];
/** tfjs's WebGPU bakes the length into the shader and leaves it out of the shader's key: right for the first length alone. */
const secondLength: TfjsFault = {
  what: 'a cumulative sum in reverse, of another length than the one before',
  variant: 'webgpu',
  wanted: [6, 5, 3],
  measure: (kernels) => {
    const attributes = { axis: 1, exclusive: false, reverse: true };
    kernels.run('Cumsum', { x: put(kernels, [1, 2], [1, 2]) }, attributes);
    return kernels.run('Cumsum', { x: put(kernels, [1, 3], [1, 2, 3]) }, attributes);
  },
};
/** tfjs's WASM keeps its padding operators in a map ordered by the padding's value, which NaN cannot be. */
const padAfterNaN: TfjsFault = {
  what: 'padding with −∞, after padding with NaN',
  variant: 'wasm',
  wanted: [Number.NEGATIVE_INFINITY, 1, 2],
  measure: (kernels) => {
    const x = put(kernels, [2], [1, 2]);
    kernels.run('PadV2', { x }, { paddings: [[1, 0]], constantValue: Number.NaN });
    return kernels.run('PadV2', { x }, { paddings: [[1, 0]], constantValue: Number.NEGATIVE_INFINITY });
  },
};
const unary = (x: number): Inputs => ({ x: [[1], [x]] });
const rows = { axis: [1], reductionIndices: [1], keepDims: false };
const many = <T>(n: number, each: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => each(i));
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export const tfjsFaults: readonly TfjsFault[] = [
  ...(['cpu', 'wasm', 'webgpu'] as const).flatMap((variant) => [
    fault(
      variant,
      'max pooling passes over NaN',
      'MaxPool',
      {
        x: [
          [1, 2, 4, 1],
          [1, nan, 3, 4, 5, 6, 7, 8],
        ],
      },
      pool,
      [nan, 8],
    ),
    fault(
      variant,
      'argMax passes over NaN',
      'ArgMax',
      {
        x: [
          [1, 4],
          [1, nan, 3, nan],
        ],
      },
      { axis: 1 },
      [1],
    ),
    fault(variant, 'sign(NaN)', 'Sign', unary(nan), {}, [nan]),
    fault(variant, '−1 mod ∞', 'Mod', { a: [[1], [-1]], b: [[1], [inf]] }, {}, [inf]),
    fault(
      variant,
      'average pooling with a border: the gradient of the corner',
      'AvgPoolGrad',
      { dy: [[1, 1, 1, 1], [1]], input: [[1, 1, 1, 1], [1]] },
      padded,
      [1],
    ),
  ]),
  fault('wasm', 'the sum of a million times 0.1', 'Sum', { x: [[1, 1e6], many(1e6, () => 0.1)] }, rows, [1e5], 1e-3),
  fault(
    'wasm',
    'the sum of ten million times 1.1',
    'Sum',
    { x: [[1, 1e7], many(1e7, () => 1.1)] },
    rows,
    [1.1e7],
    1e-2,
  ),
  fault('wasm', 'max(1, NaN)', 'Maximum', { a: [[1], [1]], b: [[1], [nan]] }, {}, [nan]),
  fault('wasm', 'min(1, NaN)', 'Minimum', { a: [[1], [1]], b: [[1], [nan]] }, {}, [nan]),
  fault('wasm', 'pow(1, NaN)', 'Pow', { a: [[1], [1]], b: [[1], [nan]] }, {}, [nan]),
  fault('wasm', 'log1p(1e-4)', 'Log1p', unary(1e-4), {}, [9.999500033e-5]),
  fault('wasm', 'sign(1e-20)', 'Sign', unary(1e-20), {}, [1]),
  fault('wasm', 'neg of the int32 16,777,217', 'Neg', { x: [[1], [16_777_217], 'int32'] }, {}, [-16_777_217], 0),
  fault('wasm', 'the bool of NaN', 'Cast', unary(nan), { dtype: 'bool' }, [1]),
  fault('wasm', 'the bool of the int32 2', 'Cast', { x: [[1], [2], 'int32'] }, { dtype: 'bool' }, [1]),
  fault(
    'wasm',
    'every second of int32',
    'StridedSlice',
    { x: [[3], [1, 2, 3], 'int32'] },
    {
      begin: [0],
      end: [3],
      strides: [2],
      beginMask: 0,
      endMask: 0,
      ellipsisMask: 0,
      newAxisMask: 0,
      shrinkAxisMask: 0,
    },
    [1, 3],
  ),
  padAfterNaN,
  fault(
    'wasm',
    'average pooling of NaN',
    'AvgPool',
    {
      x: [
        [1, 2, 2, 1],
        [nan, 1, 1, 1],
      ],
    },
    pool,
    [nan],
  ),
  fault(
    'wasm',
    'a 1 × 1 convolution of NaN on one channel',
    'Conv2D',
    { x: [[1, 1, 1, 1], [nan]], filter: [[1, 1, 1, 1], [1]] },
    { strides: [1, 1], dilations: [1, 1], pad: noBorder, dataFormat: 'NHWC' },
    [nan],
  ),
  fault(
    'wasm',
    'the gradient of max pooling for a negative window',
    'MaxPoolGrad',
    {
      dy: [[1, 1, 1, 1], [1]],
      input: [
        [1, 2, 2, 1],
        [-4, -1, -3, -2],
      ],
      output: [[1, 1, 1, 1], [-1]],
    },
    pool,
    [0, 1, 0, 0],
  ),
  fault(
    'webgpu',
    'the gradient of max pooling for equal elements: the first',
    'MaxPoolGrad',
    {
      dy: [[1, 1, 1, 1], [1]],
      input: [
        [1, 2, 2, 1],
        [1, 1, 1, 1],
      ],
      output: [[1, 1, 1, 1], [1]],
    },
    pool,
    [1, 0, 0, 0],
  ),
  fault(
    'webgpu',
    'max pooling of −∞',
    'MaxPool',
    {
      x: [
        [1, 2, 4, 1],
        [-inf, -inf, 1, 1, -inf, -inf, 1, 1],
      ],
    },
    pool,
    [-inf, 1],
  ),
  fault(
    'webgpu',
    'softmax with NaN',
    'Softmax',
    {
      logits: [
        [1, 3],
        [1, nan, 3],
      ],
    },
    { dim: 1 },
    [nan, nan, nan],
  ),
  fault(
    'webgpu',
    'the int32 sum 2,147,483,646 + 1',
    'Add',
    { a: [[1], [2_147_483_646], 'int32'], b: [[1], [1], 'int32'] },
    {},
    [2_147_483_647],
    0,
  ),
  fault(
    'webgpu',
    'whether 16,777,216 and 16,777,217 are equal',
    'Equal',
    { a: [[1], [16_777_216], 'int32'], b: [[1], [16_777_217], 'int32'] },
    {},
    [0],
    0,
  ),
  fault(
    'webgpu',
    'a slice of the int32 16,777,217',
    'Slice',
    { x: [[2], [0, 16_777_217], 'int32'] },
    { begin: [1], size: [1] },
    [16_777_217],
    0,
  ),
  fault(
    'webgpu',
    'a turned int32 tensor of three axes: its shader does not compile, zeros',
    'Transpose',
    { x: [[2, 2, 2], many(8, (i) => i), 'int32'] },
    { perm: [2, 1, 0] },
    [0, 4, 2, 6, 1, 5, 3, 7],
  ),
  fault(
    'webgpu',
    'argMax of 600 elements: the first of equal ones',
    'ArgMax',
    { x: [[1, 600], many(600, (i) => i % 7)] },
    { axis: 1 },
    [6],
  ),
  secondLength,
  fault(
    'webgpu',
    'gather of index 5 of 3',
    'GatherV2',
    { x: [[3], [1, 2, 3]], indices: [[1], [5], 'int32'] },
    { axis: 0, batchDims: 0 },
    [nan],
  ),
  fault(
    'webgpu',
    'a scatter to the row −1 leaves the others alone',
    'ScatterNd',
    { indices: [[1, 1], [-1], 'int32'], updates: [[1, 1], [3]] },
    { shape: [3, 1] },
    [0, 0, 0],
  ),
  fault('webgpu', 'sin(1.5)', 'Sin', unary(1.5), {}, [0.99749499]),
  fault('webgpu', 'exp(NaN)', 'Exp', unary(nan), {}, [nan]),
  fault('webgpu', 'log(0)', 'Log', unary(0), {}, [-inf]),
  fault('webgpu', 'log1p(−2)', 'Log1p', unary(-2), {}, [nan]),
  fault('webgpu', 'asinh(−∞)', 'Asinh', unary(-inf), {}, [-inf]),
  fault('webgpu', 'sinh(−88)', 'Sinh', unary(-88), {}, [-8.25818133e37]),
  fault('webgpu', 'tanh(1e-4)', 'Tanh', unary(1e-4), {}, [9.9999999667e-5]),
  fault('webgpu', 'pow(0, −1)', 'Pow', { a: [[1], [0]], b: [[1], [-1]] }, {}, [inf]),
  fault('webgpu', 'the int32 of NaN', 'Cast', unary(nan), { dtype: 'int32' }, [0]),
];

/** What the kernel says; undefined where it does not run at all. */
export async function measureFault(device: Device, { measure }: TfjsFault): Promise<readonly number[] | undefined> {
  if (!(device instanceof TfjsDevice)) throw new DendriteError('OPTION', 'measureFault(): device must be one of tfjs.');
  const { kernels } = device.inside();
  const [value] = kernels.settle(() => [measure(kernels)]);
  if (value === undefined) return undefined;
  try {
    return Array.from(await kernels.backend.read(value.dataId));
  } finally {
    kernels.backend.disposeData(value.dataId);
    await device.sync().catch(() => {}); // a shader that does not compile: expected
  }
}

/** Whether `said` is not what was wanted. */
export function isFault({ wanted, tolerance = 1e-4 }: TfjsFault, said: readonly number[]): boolean {
  return (
    said.length !== wanted.length ||
    wanted.some((right, i) => {
      const answer = said[i] ?? nan;
      return Number.isFinite(right)
        ? !(Math.abs(answer - right) <= tolerance * Math.abs(right))
        : !Object.is(answer, right);
    })
  );
}
