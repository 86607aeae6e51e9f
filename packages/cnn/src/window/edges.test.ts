/** What the case tables cannot say: ties, NaN, infinities, second derivatives, error texts, leaks. */
import { createRuntime, grad, mul, sum } from '@dendrite/core';
import type { Runtime, Tensor } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool2d,
  conv2d,
  globalAvgPool2d,
  globalMaxPool2d,
  maxPool2d,
  maxPool2dGradientOp,
  maxPool2dOp,
  resize2d,
} from '../ops.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());
const images = (data: readonly number[], shape: readonly number[]): Tensor =>
  runtime.tensor(Float64Array.from(data), shape, 'float64');
const values = async (x: Tensor): Promise<number[]> => [...(await x.data('float64'))];

test('max pooling: the first of equal values takes the gradient, in kernel and decomposition', async () => {
  const x = images([2, 2, 2, 2], [1, 2, 2, 1]);
  expect(await values(grad((x: Tensor) => sum(maxPool2d(x, { size: 2 })))(x))).toEqual([1, 0, 0, 0]);
  const attributes = { size: [2, 2], stride: [2, 2], before: [0, 0], after: [0, 0] };
  const [dx] = maxPool2dGradientOp.decompose([x, images([5], [1, 1, 1, 1])], attributes, []);
  expect(dx && (await values(dx))).toEqual([5, 0, 0, 0]);
});

test('max pooling: a NaN wins over everything before and after it; −∞ is a value like any other', async () => {
  const attributes = { size: [1, 3], stride: [1, 3], before: [0, 0], after: [0, 0] };
  const x = images([1, Number.NaN, 9, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, -5], [1, 1, 6, 1]);
  expect(await values(maxPool2d(x, { size: [1, 3] }))).toEqual([Number.NaN, -5]);
  const [decomposed] = maxPool2dOp.decompose([x], attributes, []);
  expect(decomposed && (await values(decomposed))).toEqual([Number.NaN, -5]);
  expect(await values(grad((x: Tensor) => sum(maxPool2d(x, { size: [1, 3] })))(x))).toEqual([0, 1, 0, 0, 0, 1]);
});

test('a NaN pixel reaches every window that sees it, and no other', async () => {
  const x = images([1, 2, Number.NaN, 4], [1, 1, 4, 1]);
  expect(await values(conv2d(x, images([1, 1], [1, 2, 1, 1])))).toEqual([3, Number.NaN, Number.NaN]);
  expect(await values(avgPool2d(x, { size: [1, 2] }))).toEqual([1.5, Number.NaN]);
  expect(await values(globalMaxPool2d(x))).toEqual([Number.NaN]);
  expect(await values(globalAvgPool2d(images([1, 3, 5, 7], [1, 2, 2, 1])))).toEqual([4]);
});

test('convolution is linear in both operands, so its second derivatives are known', async () => {
  const x = images([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const w = images([1, -1, 2, 0.5], [2, 2, 1, 1]);
  const cubed = (x: Tensor): Tensor => {
    const y = conv2d(x, w);
    return sum(mul(mul(y, y), y));
  };
  const inner = grad((x: Tensor) => sum(mul(grad(cubed)(x), x)))(x);
  // Σ ∂f/∂x · x = 3f for a cubic form, so its gradient is 3 ∂f/∂x.
  const once = await values(grad(cubed)(x));
  expect(await values(inner)).toEqual(once.map((each) => expect.closeTo(3 * each, 9)));
});

test('a gradient through the gradient of max pooling sees the winners alone', async () => {
  const x = images([1, 2, 3, 4], [1, 2, 2, 1]);
  // The largest is squared: 4² with slope 2 · 4, so Σ slope · x = 2 · 4², whose slope is 4 · 4.
  const once = (x: Tensor): Tensor => sum(maxPool2d(mul(x, x), { size: 2 }));
  expect(await values(grad((x: Tensor) => sum(mul(grad(once)(x), x)))(x))).toEqual([0, 0, 0, 16]);
});

test('nothing is left behind', () => {
  const x = images([1, 2, 3, 4], [1, 2, 2, 1]);
  const w = images([1, 2], [1, 1, 1, 2]);
  const both = grad(({ x, w }: { x: Tensor; w: Tensor }) =>
    sum(avgPool2d(maxPool2d(conv2d(x, w, { padding: 1 }), { size: 2 }), { size: 2 })),
  )({ x, w });
  for (const tensor of [x, w, both.x, both.w]) tensor.dispose();
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
});

const float32 = (shape: readonly number[]): Tensor =>
  runtime.tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
test.each<[() => unknown, string, string]>([
  [
    () => conv2d(float32([2, 8, 8, 3]), float32([5, 5, 1, 6])),
    'SHAPE',
    'conv2d(): x must have 1 channels for filters [5, 5, 1, 6], got 3. Give images with 1 channels, or make the filters for 3.',
  ],
  [
    () => conv2d(float32([8, 8, 3]), float32([5, 5, 3, 6])),
    'SHAPE',
    'conv2d(): x must be images [batch, height, width, channels], got [8, 8, 3]. Add the missing axis with reshape(): gray images have 1 channel.',
  ],
  [
    () => conv2d(float32([1, 4, 4, 1]), float32([5, 5, 1, 6])),
    'SHAPE',
    "conv2d(): a window must fit into the padded image, got size [5, 5] with dilation [1, 1] on 4 × 4 padded by [0, 0] and [0, 0]. Use larger images, a smaller size, or padding 'same'.",
  ],
  [() => conv2d(runtime.tensor(new Uint8Array(16), [1, 4, 4, 1]), float32([2, 2, 1, 1])), 'DTYPE', 'got uint8'],
  [
    () => conv2d(float32([1, 4, 4, 1]), images([1], [1, 1, 1, 1])),
    'DTYPE',
    'conv2d(): x and filters must have one dtype, got float32 and float64.',
  ],
  [
    () => conv2d(float32([1, 4, 4, 2]), float32([1, 1, 1, 3]), { groups: 2 }),
    'OPTION',
    'groups must divide the number of filters, got 2 groups for 3 filters',
  ],
  [
    () => conv2d(float32([1, 4, 4, 1]), float32([1, 1, 1, 3]), { stride: 0 }),
    'OPTION',
    'conv2d(): stride must be a whole number of at least 1, or two of them [height, width], got 0.',
  ],
  [
    () => conv2d(float32([1, 4, 4, 1]), float32([1, 1, 1, 3]), { padding: -1 }),
    'OPTION',
    'conv2d(): padding must be a whole number of at least 0',
  ],
  [
    () => maxPool2d(float32([1, 4, 4, 1]), { size: 2, padding: 2 }),
    'OPTION',
    'maxPool2d(): padding must be smaller than the window, got 2 and 2 for size 2: a window would see nothing but padding.',
  ],
  [
    () => avgPool2d(float32([1, 1, 1, 1]), { size: 2 }),
    'SHAPE',
    'avgPool2d(): a window must fit into the padded image',
  ],
  [() => globalAvgPool2d(float32([4, 4, 1])), 'SHAPE', 'globalAvgPool2d(): x must be images'],
  [
    () => resize2d(float32([1, 0, 2, 1]), { size: [2, 3], method: 'bilinear' }),
    'SHAPE',
    'resize2d(): images must have at least one pixel, got 0 × 2.',
  ],
  [
    () => adaptiveAvgPool2d(float32([1, 2, 0, 1]), 2),
    'SHAPE',
    'adaptiveAvgPool2d(): images must have at least one pixel',
  ],
  [
    () => adaptiveMaxPool2d(float32([1, 0, 0, 1]), 2),
    'SHAPE',
    'adaptiveMaxPool2d(): images must have at least one pixel',
  ],
])('teaches by its error %#', (run, code, message) => {
  expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});
