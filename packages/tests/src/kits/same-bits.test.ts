/** Long sums give the same bits every time: tfjs's WebGPU adds the parts of some in any order, and must not be asked to. */

import { conv2d } from '@dendrite/cnn/ops';
import { compare } from '@dendrite/conformance';
import { cpu, createRuntime, matmul, mul, sum, valueAndGrad } from '@dendrite/core';
import { hostKey, uniforms } from '@dendrite/random';
import type { Runtime, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { openRuntime } from '../reference/machine.ts';

const reference = await createRuntime({ backends: [cpu()] });
const runtime = await openRuntime('tfjs-webgpu');

const filled = (on: Runtime, label: string, shape: readonly number[]): Tensor =>
  on.tensor(
    Float32Array.from(
      uniforms(
        hostKey(1).fork(label),
        shape.reduce((a, b) => a * b, 1),
      ),
      (u) => 2 * u - 1,
    ),
    shape,
  );

/** The gradient of a convolution's filters: one sum over all images and places. */
function filterGradient(on: Runtime): Tensor {
  const x = filled(on, 'x', [16, 14, 14, 1]);
  const { gradients } = valueAndGrad((filters: Tensor) => {
    const y = conv2d(x, filters, { padding: 'same' });
    return sum(mul(y, y));
  })(filled(on, 'filters', [5, 5, 1, 6]));
  return gradients;
}

test.each<readonly [what: string, run: (on: Runtime) => Tensor]>([
  ['a product over 3072', (on) => matmul(filled(on, 'a', [9, 3072]), filled(on, 'b', [3072, 20]))],
  ['a product over 2311, a prime', (on) => matmul(filled(on, 'a', [9, 2311]), filled(on, 'b', [2311, 20]))],
  [
    'a product of transposed operands',
    (on) => matmul(filled(on, 'a', [2500, 13]), filled(on, 'b', [11, 2500]), { transposeA: true, transposeB: true }),
  ],
  ['a filter gradient', filterGradient],
  [
    'a convolution of one image with many channels',
    (on) => conv2d(filled(on, 'x', [1, 6, 7, 300]), filled(on, 'f', [3, 3, 300, 4]), { stride: [2, 1], padding: 1 }),
  ],
  ['filters as large as the images', (on) => conv2d(filled(on, 'x', [5, 8, 8, 40]), filled(on, 'f', [8, 8, 40, 6]))],
])('%s', { timeout: 60_000 }, async (_what, run) => {
  const wanted = run(reference);
  const first = await run(runtime).data();
  const { passed, text } = compare(
    { shape: wanted.shape, data: first },
    { shape: wanted.shape, data: await wanted.data() },
    1e-5,
  );
  expect(passed, text).toBe(true);
  for (let i = 0; i < 5; i++) expect(await run(runtime).data()).toEqual(first);
});
