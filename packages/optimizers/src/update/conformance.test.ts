import { optimizerConformance } from '@dendrite/conformance';
import { createRuntime } from '@dendrite/core';
import type { Optimizer } from '@dendrite/spec';
import { describe, test } from 'vitest';
import { adaGrad, adam, adamW, clipped, rmsProp, sgd } from '../index.ts';

const runtime = await createRuntime();
const optimizers: readonly (readonly [string, () => Optimizer])[] = [
  ['sgd', () => sgd({ learningRate: 0.05 })],
  ['sgd with momentum', () => sgd({ learningRate: 0.02, momentum: 0.9, weightDecay: 0.001 })],
  ['sgd with dampening', () => sgd({ learningRate: 0.05, momentum: 0.5, dampening: 0.2 })],
  ['sgd, Nesterov', () => sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true })],
  ['adaGrad', () => adaGrad({ learningRate: 0.2 })],
  ['rmsProp', () => rmsProp({ learningRate: 0.02 })],
  ['rmsProp, centered', () => rmsProp({ learningRate: 0.02, centered: true, momentum: 0.3 })],
  ['adam', () => adam({ learningRate: 0.05 })],
  ['adam, amsGrad', () => adam({ learningRate: 0.05, amsGrad: true, weightDecay: 0.001 })],
  ['adamW', () => adamW({ learningRate: 0.05 })],
  ['clipped by norm', () => clipped(sgd({ learningRate: 0.1 }), { globalNorm: 1 })],
  ['clipped by value', () => clipped(adam({ learningRate: 0.05 }), { value: 0.5 })],
];
describe.each(optimizers)('%s', (_, make) => {
  for (const each of optimizerConformance(make, { runtime })) test(each.name, each.run);
});
