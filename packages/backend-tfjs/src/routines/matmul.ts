/**
 * Products of matrices and batches of them. tfjs's WASM is 13 to 30 times slower when an operand is transposed in the kernel,
 * so operands are transposed first there.
 */
import { binary } from '../kernels/arithmetic.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { broadcast, fill, pad, transpose } from '../kernels/move.ts';
import { reshaped, type Value } from '../kernels/value.ts';
import { rowSums } from './reduce.ts';
import { type MakeRoutine, outputShape } from './routine.ts';

export const matmulRoutine: MakeRoutine = (kernels, call) => {
  const transposeA = call.attributes.transposeA === true;
  const transposeB = call.attributes.transposeB === true;
  const shape = outputShape(call);
  return ([a, b]) => [
    reshaped(product(kernels, batched(a as Value), batched(b as Value), transposeA, transposeB), shape),
  ];
};

const batched = (x: Value): Value => (x.shape.length === 2 ? reshaped(x, [1, ...x.shape]) : x);

/** `[batch, m, k] × [batch, k, n]` of float32. */
export function product(kernels: Kernels, a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  const [batch = 1] = a.shape;
  const [m = 1, k = 1] = transposeA ? [a.shape[2], a.shape[1]] : [a.shape[1], a.shape[2]];
  const n = (transposeB ? b.shape[1] : b.shape[2]) ?? 1;
  const shape = [batch, m, n];
  if (k === 0) return fill(kernels, shape, 0, 'float32');
  if (k === 1) {
    // An outer product has nothing to add up.
    const left = broadcast(kernels, reshaped(a, [batch, m, 1]), shape);
    return binary(kernels, 'mul', left, reshaped(b, [batch, 1, n]));
  }
  const long = kernels.variant === 'webgpu' && batch === 1 && k >= atomicFrom && m * n <= 1 << 16;
  if (kernels.variant !== 'wasm' && !long) return kernels.run('BatchMatMul', { a, b }, { transposeA, transposeB });
  const left = transposeA ? transpose(kernels, a, [0, 2, 1]) : a;
  const right = transposeB ? transpose(kernels, b, [0, 2, 1]) : b;
  // A chain of thousands of terms loses digits in float32: long products are summed in parts of the inner axis.
  const parts = partsOf(k);
  if (long && parts === 1) {
    const more = Math.ceil(k / 1024) * 1024 - k;
    const wide = pad(kernels, left, [0, 0, 0], [0, 0, more], 0);
    return product(kernels, wide, pad(kernels, right, [0, 0, 0], [0, more, 0], 0), false, false);
  }
  if (batch === 1 && parts > 1 && m * n <= 1 << 16) {
    const split = kernels.run(
      'BatchMatMul',
      {
        a: transpose(kernels, reshaped(left, [m, parts, k / parts]), [1, 0, 2]),
        b: reshaped(right, [parts, k / parts, n]),
      },
      { transposeA: false, transposeB: false },
    );
    return reshaped(
      rowSums(kernels, reshaped(transpose(kernels, reshaped(split, [parts, m * n]), [1, 0]), [m * n, parts])),
      shape,
    );
  }
  return kernels.run('BatchMatMul', { a: left, b: right }, { transposeA: false, transposeB: false });
}

/**
 * From this length on, tfjs's WebGPU adds the parts of one small product in any order (`MatMulSplitKProgram`, with atomics), so
 * that the same call gives other bits each time. A batch of parts it takes in order.
 */
export const atomicFrom = 2000;

/** How many equal parts an inner axis is cut into: below 2,000 terms one, then the fewest that leave at most 1,024 each. */
function partsOf(k: number): number {
  if (k < atomicFrom) return 1;
  for (let parts = Math.ceil(k / 1024); parts <= 256 && parts * 64 <= k; parts++) if (k % parts === 0) return parts;
  return 1;
}
