// Wrong uses of layers, losses and optimizers.
import { conv1d, conv2d, convTranspose2d, lenet5, resize2d } from '@dendrite/cnn';
import { createRuntime, mul, relu, sqrt, square, stepScalars, sum, tensor, valueAndGrad } from '@dendrite/core';
import {
  classifier,
  ctcLoss,
  dense,
  embedding,
  flatten,
  groupNorm,
  sequential,
  softmaxCrossEntropy,
} from '@dendrite/nn';
import { adam, adamW, grouped, reduceOnPlateau, scheduled, sgd, stepDecay } from '@dendrite/optimizers';
import type { Tensor } from '@dendrite/spec';
import type { WrongCall } from './wrong-call.ts';

const runtime = await createRuntime();
const gray = {
  x: { data: new Float32Array(4 * 28 * 28).map((_, i) => i % 7), shape: [4, 28, 28, 1] },
  y: [0, 1, 0, 1],
};
const small = sequential(conv2d({ filters: 2, size: 3 }), relu, flatten, dense(2));

/** One training step of a tiny model, with the parameters that went into it. */
function step(): { readonly before: { readonly weight: Tensor }; readonly after: { readonly weight: Tensor } } {
  const optimizer = adam();
  const before = { weight: tensor([1, 2, 3]) };
  const { gradients } = valueAndGrad((p: { weight: Tensor }) => sum(mul(p.weight, p.weight)))(before);
  const scalars = stepScalars(before.weight.runtime, optimizer.scalars(1, 0.1));
  return { before, after: optimizer.update(before, gradients, optimizer.init(before), scalars).params };
}

export const ofLayers: readonly WrongCall[] = [
  {
    mistake: 'pictures of three channels for a network of one',
    code: 'SHAPE',
    says: ['[rows, 28, 28, 1]', '[rows, 28, 28, 3]'],
    call: async () => {
      const model = await classifier(small).fit(gray, { epochs: 1 });
      return model.predict({ data: new Float32Array(28 * 28 * 3), shape: [1, 28, 28, 3] });
    },
  },
  {
    mistake: 'pictures that are smaller than the window',
    code: 'SHAPE',
    says: ['[5, 5]', '4 × 4'],
    call: () => lenet5({ classes: 10 }).init(runtime.key(0), [1, 8, 8, 1]),
  },
  {
    mistake: 'a layer without its parentheses',
    code: 'OPTION',
    says: ['layer 1', 'a layer or a function of a tensor', 'parentheses'],
    call: () => sequential(dense(3), undefined as never),
  },
  {
    mistake: 'a misspelt option of an optimizer',
    code: 'OPTION',
    says: ["'lr'", 'learningRate'],
    call: () => adam({ lr: 0.1 } as never),
  },
  {
    mistake: 'a schedule without its length',
    code: 'OPTION',
    says: ['stepDecay()', 'every must be a whole number', 'got undefined'],
    call: () => stepDecay({ factor: 0.5 } as never),
  },
  {
    mistake: 'a group of parameters whose path is misspelt',
    code: 'OPTION',
    says: ['each group must select a parameter', '"*.biases"', '0.weight, 0.bias', 'Correct the path'],
    call: () =>
      classifier(sequential(dense(2)), {
        optimizer: grouped(adamW(), [{ parameters: '*.biases', optimizer: adamW({ weightDecay: 0 }) }]),
      }).fit({ x: [[0], [1]], y: ['a', 'b'] }),
  },
  {
    mistake: 'a plateau of a metric that is not reported',
    code: 'OPTION',
    says: ["got 'validation.loss'", 'loss, accuracy', 'Fit with `validation`'],
    call: () =>
      classifier(sequential(dense(2)), { optimizer: scheduled(sgd(), reduceOnPlateau()) }).fit(
        { x: [[0], [1]], y: ['a', 'b'] },
        { epochs: 1 },
      ),
  },
  {
    mistake: 'a class that the last layer has no output for',
    code: 'DATA',
    says: ['0 … 2', 'got 5', 'row 1', 'one unit a class'],
    call: () => softmaxCrossEntropy(runtime.tensor([1, 2, 3, 4, 5, 6], [2, 3]), runtime.tensor(Int32Array.of(0, 5))),
  },
  {
    mistake: 'a word that the vocabulary does not have',
    code: 'OPTION',
    says: ['0 to 9', 'got 10'],
    call: () => {
      const words = embedding(10, 4);
      const key = runtime.key(1);
      const codes = runtime.tensor(Int32Array.of(3, 10));
      return words.apply(words.init(key, [2]), codes, { training: false, key });
    },
  },
  {
    mistake: 'groups that do not divide the channels',
    code: 'OPTION',
    says: ['got 4 for 6', 'divisor of 6'],
    call: () => groupNorm({ groups: 4 }).init(runtime.key(1), [2, 8, 8, 6]),
  },
  {
    mistake: 'images where sequences belong',
    code: 'SHAPE',
    says: ['[batch, time, channels]', '[2, 28, 28, 1]', 'Reshape'],
    call: () => conv1d({ filters: 4, size: 3 }).init(runtime.key(1), [2, 28, 28, 1]),
  },
  {
    mistake: 'more added behind than a stride leaves open',
    code: 'OPTION',
    says: ['outputPadding', 'stride 2', 'got 2'],
    call: () =>
      convTranspose2d({ filters: 1, size: 3, stride: 2, outputPadding: 2 }).init(runtime.key(1), [1, 4, 4, 1]),
  },
  {
    mistake: 'another size of images, and no size said',
    code: 'OPTION',
    says: ['size or scale', 'neither', '{ scale: 2 }'],
    call: () => resize2d({}),
  },
  {
    mistake: 'more steps of a sequence than there are',
    code: 'OPTION',
    says: ['inputLengths', '1 to 5', '[6]'],
    call: () =>
      ctcLoss(runtime.tensor(new Float32Array(15), [1, 5, 3]), runtime.tensor([1], [1, 1], 'int32'), {
        inputLengths: [6],
      }),
  },
  {
    mistake: 'the parameters that a step has used up',
    code: 'DISPOSED',
    says: ['[3]', 'consumed', 'use the state it returned'],
    call: () => step().before.weight.data(),
  },
  {
    mistake: 'a last layer with fewer outputs than labels',
    code: 'SHAPE',
    says: ['3 labels (a, b, c)', '[1, 2]', 'dense(3)'],
    call: () => classifier(dense(2)).fit({ x: [[1], [2], [3]], y: ['a', 'b', 'c'] }),
  },
  {
    mistake: 'a learning rate that makes the loss infinite',
    code: 'NUMERIC',
    says: ['got loss', 'in step', "'0.weight'", 'gradient', 'Lower the learning rate'],
    call: () =>
      classifier(sequential(dense(8), relu, dense(2)), { optimizer: sgd({ learningRate: 1e25 }) }).fit(
        { x: [[0], [1], [2], [3]], y: ['low', 'high', 'low', 'high'] },
        { epochs: 50 },
      ),
  },
  {
    mistake: 'a root at zero, where its derivative is infinite',
    code: 'NUMERIC',
    says: ['got loss', 'in step 1', "the gradient of '0.weight'", 'the largest finite gradient is', "of '3."],
    call: () =>
      classifier(sequential(dense(4), square, sqrt, dense(2)), { scaling: 'none' }).fit(
        { x: [[0], [0.1], [0.2], [0.3]], y: ['low', 'low', 'high', 'high'] },
        { epochs: 1 },
      ),
  },
];
