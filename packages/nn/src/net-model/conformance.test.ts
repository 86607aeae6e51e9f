import { modelConformance } from '@dendrite/conformance';
import { createRuntime, tanh } from '@dendrite/core';
import { fromBytes, toBytes } from '@dendrite/model';
import { adam } from '@dendrite/optimizers';
import { describe, test } from 'vitest';
import { classifier, dense, dropout, flatten, regressor, sequential } from '../index.ts';

const runtime = await createRuntime();
const optimizer = adam({ learningRate: 0.02 });
const kit = { runtime, bytes: { toBytes, fromBytes }, fit: { epochs: 25, batchSize: 16 } };

describe('classifier', () => {
  const make = (classes: number) =>
    classifier(sequential(dense(16), tanh, dropout(0.05), dense(classes)), { optimizer });
  for (const each of modelConformance(make, kit)) test(each.name, each.run);
});
describe('classifier of pictures', () => {
  const make = (classes: number) => classifier(sequential(flatten, dense(16), tanh, dense(classes)), { optimizer });
  for (const each of modelConformance(make, { ...kit, feature: [2, 2, 1] })) test(each.name, each.run);
});
describe('regressor', () => {
  const make = () => regressor(sequential(dense(16), tanh, dense(1)), { optimizer });
  for (const each of modelConformance(make, { ...kit, fit: { epochs: 40, batchSize: 16 } })) test(each.name, each.run);
});
