// The smallest page that trains LeNet-5 on WASM: functions of tensors, Adam and a loop of one's own; no layers, no model, no saving.
// What `bundle` weighs beside the whole page.
import { wasm } from '@dendrite/backend-wasm';
import { avgPool2d, conv2d } from '@dendrite/cnn/ops';
import {
  add,
  createRuntime,
  fill,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  reshape,
  scope,
  stepScalars,
  sum,
  tanh,
  uniform,
  valueAndGrad,
} from '@dendrite/core';
import { type AdamState, adam } from '@dendrite/optimizers';
import type { Key, Tensor } from '@dendrite/spec';

type Affine = { readonly weight: Tensor; readonly bias: Tensor };
type LeNet = Readonly<Record<'c1' | 'c2' | 'f1' | 'f2' | 'f3', Affine>>;
type Training = { readonly params: LeNet; readonly state: AdamState };

const batchSize = 64;
const classes = 10;

/** Glorot's uniform weights, and biases of 0. */
function affine(key: Key, shape: readonly number[]): Affine {
  const [width = 0, units = 0] = shape.slice(-2);
  const taps = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const max = Math.sqrt(6 / (taps * (width + units)));
  return { weight: uniform(key, shape, { min: -max, max }), bias: fill(key.runtime, { shape: [units] }, 0) };
}
const leNet = (key: Key): LeNet => ({
  c1: affine(key.fork('c1'), [5, 5, 1, 6]),
  c2: affine(key.fork('c2'), [5, 5, 6, 16]),
  f1: affine(key.fork('f1'), [400, 120]),
  f2: affine(key.fork('f2'), [120, 84]),
  f3: affine(key.fork('f3'), [84, classes]),
});

/** @param images  `[B, 28, 28, 1]` @returns  logits `[B, 10]` */
function apply({ c1, c2, f1, f2, f3 }: LeNet, images: Tensor): Tensor {
  const first = avgPool2d(tanh(add(conv2d(images, c1.weight, { padding: 'same' }), c1.bias)), { size: 2 }); // [B, 14, 14, 6]
  const second = avgPool2d(tanh(add(conv2d(first, c2.weight), c2.bias)), { size: 2 }); // [B, 5, 5, 16]
  const third = tanh(add(matmul(reshape(second, [-1, 400]), f1.weight), f1.bias));
  return add(matmul(tanh(add(matmul(third, f2.weight), f2.bias)), f3.weight), f3.bias);
}

/** @param targets  1 for the digit, 0 for the others, `[B, 10]` @returns  the mean cross-entropy */
const loss = (params: LeNet, images: Tensor, targets: Tensor): Tensor =>
  neg(mean(sum(mul(logSoftmax(apply(params, images)), targets), { axes: 1 })));

/** @param digits  of each image; there must be a whole number of batches */
export async function train(pixels: Float32Array, digits: Uint8Array, tell: (loss: number) => void): Promise<LeNet> {
  const runtime = await createRuntime({ backends: [wasm()], fallback: false, kernels: 'as needed' });
  const optimizer = adam();
  const begin = (): Training => {
    const params = leNet(runtime.key(7));
    return { params, state: optimizer.init(params) };
  };
  const step = ({ params, state }: Training, number: number): Training & { readonly value: Tensor } => {
    const from = ((number - 1) * batchSize) % digits.length;
    const images = runtime.tensor(pixels.subarray(from * 784, (from + batchSize) * 784), [batchSize, 28, 28, 1]);
    const targets = new Float32Array(batchSize * classes);
    for (let i = 0; i < batchSize; i++) targets[i * classes + (digits[from + i] ?? 0)] = 1;
    const { value, gradients } = valueAndGrad(loss)(params, images, runtime.tensor(targets, [batchSize, classes]));
    const scalars = stepScalars(runtime, optimizer.scalars(number, optimizer.learningRate));
    return { ...optimizer.update(params, gradients, state, scalars), value };
  };
  await runtime.load(() => step(begin(), 1));
  let training = begin();
  for (let number = 1; number <= (3 * digits.length) / batchSize; number++) {
    const { value, ...next } = scope(() => step(training, number));
    training = next;
    tell(await value.item());
    value.dispose();
  }
  return training.params;
}
