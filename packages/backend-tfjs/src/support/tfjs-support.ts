/** What runs how on each of tfjs's backends, and why: the rows of this package's part of the support matrix. */
import type { TfjsVariant } from '../load/tfjs-options.ts';

/**
 * `native`: one kernel of tfjs, after reshaping; `composed`: several of its kernels, or a WGSL program that its WebGPU backend
 * runs; `host`: computed in JavaScript and uploaded; `decomposed`: left to the op's own decomposition.
 */
export type TfjsWay = 'native' | 'composed' | 'host' | 'decomposed';

export interface TfjsSupport {
  /** An op's name, or `expression/<node>`. */
  readonly op: string;
  readonly ways: { readonly [variant in TfjsVariant]: TfjsWay };
  /** Why it is not native; absent where it is on all. */
  readonly why?: string;
}

const row = (op: string, cpu: TfjsWay, wasm: TfjsWay, webgpu: TfjsWay, why?: string): TfjsSupport => ({
  op,
  ways: { cpu, wasm, webgpu },
  ...(why === undefined ? {} : { why }),
});

const throughFloats = 'WebGPU carries int32 through float32, exact to 2^24 only: whole numbers move in two halves';

export const tfjsSupport: readonly TfjsSupport[] = [
  row(
    'core/transpose',
    'native',
    'native',
    'composed',
    `${throughFloats}; its shader for three axes compiles for float32 only`,
  ),
  row(
    'core/slice',
    'native',
    'native',
    'composed',
    `${throughFloats}; steps are rows that are turned, WASM's StridedSlice is slow and gives float32`,
  ),
  row(
    'core/broadcast',
    'composed',
    'composed',
    'composed',
    `times one on cpu and wasm, where Tile takes twenty times as long; ${throughFloats}`,
  ),
  row(
    'core/pad',
    'native',
    'composed',
    'composed',
    `WASM writes NaN for other values once it has padded with NaN; ${throughFloats}`,
  ),
  row('core/concat', 'native', 'native', 'composed', throughFloats),
  row(
    'core/reduce',
    'native',
    'composed',
    'composed',
    'WASM adds a row in one chain: sums are taken in blocks; WebGPU sums int32 in float32',
  ),
  row(
    'core/arg-reduce',
    'host',
    'host',
    'composed',
    'tfjs passes over NaN, and WebGPU gives any of several equal elements of a long row',
  ),
  row(
    'core/matmul',
    'native',
    'composed',
    'composed',
    'WASM is 13 to 30 times slower with a transposed operand: it is transposed first; WebGPU adds 2,000 terms and more with atomics, in any order: they are cut into parts',
  ),
  row('core/window-gather', 'composed', 'composed', 'composed', 'tfjs has no such kernel'),
  row('core/window-scatter', 'composed', 'composed', 'composed', 'tfjs has no such kernel'),
  row(
    'core/cumulative',
    'native',
    'native',
    'composed',
    'WebGPU is wrong in reverse for every length but the first one it was asked for: the shader cache forgets the length',
  ),
  row('core/gather', 'native', 'native', 'composed', 'WebGPU reads another element for an index out of range'),
  row(
    'core/scatter-add',
    'native',
    'native',
    'composed',
    'WebGPU adds with atomics, in any order, and adds an index of −1 to the last row',
  ),
  row('core/sort', 'host', 'host', 'composed', 'TopK is lost with NaN; WebGPU compares int32 as float32'),
  row('core/random-bits', 'host', 'host', 'host', 'tfjs has no counter-based random numbers'),
  row('core/softmax', 'native', 'native', 'decomposed', 'WebGPU gives 0 for NaN'),
  row('core/log-softmax', 'decomposed', 'decomposed', 'decomposed', 'tfjs has no kernel for it'),
  row(
    'cnn/conv2d',
    'composed',
    'native',
    'composed',
    'cpu and WebGPU skip the border, and lose a NaN in the filters; WASM makes −∞ of NaN with one tap on one channel',
  ),
  row(
    'cnn/conv2d-input-gradient',
    'native',
    'composed',
    'native',
    'WASM has plain loops, six times as slow as a convolution; dilation is a product and a window scatter everywhere',
  ),
  row(
    'cnn/conv2d-filter-gradient',
    'composed',
    'composed',
    'composed',
    'WASM has no kernel, and no backend knows dilation: a convolution of transposed images and cotangents',
  ),
  row('cnn/max-pool2d', 'composed', 'composed', 'composed', 'all pass over NaN; WebGPU gives −1e20 for windows of −∞'),
  row(
    'cnn/max-pool2d-gradient',
    'composed',
    'composed',
    'composed',
    'WASM is wrong (0 for negative windows), WebGPU on ties',
  ),
  row('cnn/avg-pool2d', 'native', 'composed', 'native', 'WASM makes −∞ of NaN: a convolution of each channel instead'),
  row(
    'cnn/avg-pool2d-gradient',
    'composed',
    'composed',
    'composed',
    'tfjs divides by the whole window where its forward pass divides by what is inside',
  ),
  row(
    'expression/where',
    'composed',
    'composed',
    'composed',
    'tfjs wants operands of one shape; WASM reads bools as four bytes each',
  ),
  row('expression/max', 'native', 'composed', 'native', 'WASM gives the first operand when the second is NaN'),
  row('expression/min', 'native', 'composed', 'native', 'WASM gives the first operand when the second is NaN'),
  row('expression/sign', 'composed', 'composed', 'composed', 'sign(NaN) is 0 in tfjs; on WASM sign(1e-20) too'),
  row(
    'expression/mod',
    'composed',
    'composed',
    'composed',
    '−1 mod ∞ is NaN in tfjs; WASM traps on a whole number mod 0',
  ),
  row('expression/pow', 'native', 'composed', 'composed', 'pow(1, NaN) is 1 on WASM; pow(0, −1) is 0 on WebGPU'),
  row('expression/log1p', 'native', 'composed', 'composed', 'log(1 + x) in tfjs: 1.7e-4 off at 1e-4'),
  row('expression/tanh', 'native', 'composed', 'composed', 'WASM takes 15 ns an element; WebGPU is 3e-4 off at 1e-4'),
  ...['exp', 'expm1', 'log', 'sinh', 'cosh', 'asinh', 'acosh', 'atanh'].map((node) =>
    row(`expression/${node}`, 'native', 'native', 'composed', 'WebGPU loses NaN, infinities or digits near 0'),
  ),
  ...['sin', 'cos', 'tan'].map((node) =>
    row(`expression/${node}`, 'native', 'native', 'composed', 'WGSL promises 5e-4 absolute only: a polynomial instead'),
  ),
  ...['add', 'sub', 'mul', 'lt', 'le', 'eq', 'neg', 'abs'].map((node) =>
    row(`expression/${node}`, 'native', 'native', 'composed', 'int32 only: through float32 in tfjs, exact to 2^24'),
  ),
  ...[
    'div',
    'atan2',
    'and',
    'or',
    'not',
    'sqrt',
    'asin',
    'acos',
    'atan',
    'erf',
    'floor',
    'ceil',
    'round',
    'isNaN',
    'isFinite',
  ].map((node) => row(`expression/${node}`, 'native', 'native', 'native')),
];
