/** Tensors for the tests of bits: numbers from −1 to 1 that a label decides. */
import { hostKey, uniforms } from '@dendrite/random';
import type { Runtime, Tensor } from '@dendrite/spec';

export function filled(on: Runtime, label: string, shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const numbers = uniforms(hostKey(1).fork(label), size);
  return on.tensor(
    Float32Array.from(numbers, (u) => 2 * u - 1),
    shape,
  );
}
