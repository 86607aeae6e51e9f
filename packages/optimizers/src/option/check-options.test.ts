import { expect, test } from 'vitest';
import { type AdamOptions, adaGrad, adam, adamW, clipped, rmsProp, sgd } from '../index.ts';

const misspelt = (options: Readonly<Record<string, unknown>>): AdamOptions => options;

test.each([
  [
    () => sgd({ learningRate: -1 }),
    'sgd(): learningRate must be a finite number of at least 0, got -1. Leave it out for its default.',
  ],
  [() => sgd({ momentum: 1 }), 'sgd(): momentum must lie in [0, 1), got 1.'],
  [
    () => sgd({ nesterov: true }),
    'sgd(): nesterov must come with momentum above 0 and dampening 0, got momentum 0 and dampening 0.',
  ],
  [() => adam({ beta1: Number.NaN }), 'adam(): beta1 must lie in [0, 1), got NaN.'],
  [
    () => adam(misspelt({ lr: 0.1 })),
    "options must be among learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, got 'lr'. It is called learningRate here.",
  ],
  [() => adamW(misspelt({ toString: 1 })), "got 'toString'. Check the spelling."],
  [() => rmsProp({ alpha: 2 }), 'rmsProp(): alpha must lie in [0, 1], got 2.'],
  [
    () => adaGrad({ epsilon: Number.POSITIVE_INFINITY }),
    'adaGrad(): epsilon must be a finite number of at least 0, got Infinity.',
  ],
  [
    () => clipped(adam(), { globalNorm: 0 }),
    'clipped(): clipping must be { globalNorm } or { value } with a number above 0, got {"globalNorm":0}.',
  ],
  [() => clipped(adam(), { globalNorm: 1, normType: 0.5 }), 'clipped(): normType must be at least 1, got 0.5.'],
])('teaches by its error %#', (make, message) => {
  expect(make).toThrow(expect.objectContaining({ code: 'OPTION', message: expect.stringContaining(message) }));
});
