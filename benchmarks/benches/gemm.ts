// Matrix products as a part of what fused multiply-adds on registers alone reach in the same process, and on two threads as a
// multiple of one.
import { matmul } from '@dendrite/core';
import type * as Tfjs from '@tensorflow/tfjs-core';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { type Side, timed } from '../harness/turns.ts';
import { loadTfjs } from '../peers/tfjs.ts';
import { type KernelRow, kernelRows, oneThread, spec } from './kernel-rows.ts';

interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly bar: number;
  readonly note?: string;
}
const transposes = [{}, { transposeB: true }, { transposeA: true }, { transposeA: true, transposeB: true }] as const;
const square = (size: number, bar: number): Product[] =>
  transposes.map((how) => ({ m: size, k: size, n: size, bar, ...how }));
const squareBars = (size: number, transposed: boolean): Record<string, number> => ({
  'tfjs-wasm': transposed ? 10 : 1.7,
  ...(size >= 256 && { [oneThread]: 1.8 }),
});
/** A product and the two of its backward pass: dA = dY · Bᵀ, dB = Aᵀ · dY. */
const withGradients = (m: number, k: number, n: number, bar: number): Product[] => [
  { m, k, n, bar },
  { m, k: n, n: k, transposeB: true, bar: 0.65, note: 'dA' },
  { m: k, k: m, n, transposeA: true, bar: 0.65, note: 'dB' },
];
const products: readonly Product[] = [
  ...square(64, 0.92),
  ...square(128, 0.92),
  ...square(256, 0.92),
  ...square(512, 0.88),
  ...square(1024, 0.88),
  ...withGradients(128, 256, 10, 0.85),
  ...withGradients(64, 84, 10, 0.78),
  ...withGradients(3200, 25, 6, 0.7),
  { m: 64, k: 784, n: 128, bar: 0.92 },
];

export async function gemm(options: BenchOptions): Promise<Result> {
  void matmul; // the op must be defined
  const peer = await loadTfjs('wasm');
  const rows = products.map((product): KernelRow => {
    const { m, k, n, transposeA = false, transposeB = false, bar, note } = product;
    const a = transposeA ? [k, m] : [m, k];
    const b = transposeB ? [n, k] : [k, n];
    const size = m === k && k === n ? `${m}³` : `${m}×${k}×${n}`;
    const how = transposeA ? (transposeB ? 'AᵀBᵀ' : 'AᵀB') : transposeB ? 'ABᵀ' : 'AB';
    return {
      name: `${size} ${how}${note === undefined ? '' : `, ${note}`}`,
      op: 'core/matmul',
      call: { inputs: [spec(...a), spec(...b)], outputs: [spec(m, n)], attributes: { transposeA, transposeB } },
      flops: 2 * m * k * n,
      bar,
      ...(m === k && k === n && { bars: squareBars(m, transposeA || transposeB) }),
      torch: { do: 'product', sizes: [m, k, n, transposeA, transposeB] },
      // Its transposed products take seconds at 1024³.
      tfjs: () =>
        'tf' in peer && !(m >= 512 && (transposeA || transposeB)) ? tfjsProduct(peer.tf, product) : undefined,
    };
  });
  const result = await kernelRows('gemm', rows, options);
  return 'tf' in peer ? result : { ...result, missing: [...result.missing, { peer: 'tfjs-wasm', why: peer.missing }] };
}

function tfjsProduct(tf: typeof Tfjs, { m, k, n, transposeA = false, transposeB = false }: Product): Side {
  const [a, b] = [tf.ones(transposeA ? [k, m] : [m, k]), tf.ones(transposeB ? [n, k] : [k, n])];
  return timed(() => tf.matMul(a, b, transposeA, transposeB).dispose());
}
