import { optimizerConformance } from '@dendrite/conformance';
import { createRuntime } from '@dendrite/core';
import type { Optimizer } from '@dendrite/spec';
import { describe, test } from 'vitest';
import {
  accumulated,
  adaDelta,
  adaGrad,
  adaMax,
  adam,
  adamW,
  averaged,
  clipped,
  cosineDecay,
  grouped,
  lion,
  lossScaled,
  nadam,
  radam,
  rmsProp,
  rprop,
  scheduled,
  sgd,
} from '../index.ts';

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
  ['adaMax', () => adaMax({ learningRate: 0.05 })],
  ['nadam', () => nadam({ learningRate: 0.05, weightDecay: 0.001 })],
  ['radam', () => radam({ learningRate: 0.05 })],
  ['adaDelta', () => adaDelta({ epsilon: 1e-3 })],
  ['rprop', () => rprop()],
  ['lion', () => lion({ learningRate: 0.02, weightDecay: 0.01 })],
  ['scheduled', () => scheduled(adam({ learningRate: 0.1 }), cosineDecay({ steps: 100 }))],
  ['averaged', () => averaged(sgd({ learningRate: 0.05 }), { decay: 0.9 })],
  ['accumulated', () => accumulated(sgd({ learningRate: 0.1 }), { batches: 2 })],
  ['grouped', () => grouped(adamW({ learningRate: 0.05 }), [{ parameters: { rankAtMost: 1 }, optimizer: sgd() }])],
  ['loss scaled', () => lossScaled(sgd({ learningRate: 0.05 }), { scale: 1024 })],
  ['clipped by norm', () => clipped(sgd({ learningRate: 0.1 }), { globalNorm: 1 })],
  ['clipped by value', () => clipped(adam({ learningRate: 0.05 }), { value: 0.5 })],
];
describe.each(optimizers)('%s', (_, make) => {
  for (const each of optimizerConformance(make, { runtime })) test(each.name, each.run);
});
