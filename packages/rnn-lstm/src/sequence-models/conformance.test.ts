import { modelConformance } from '@dendrite/conformance';
import { createRuntime } from '@dendrite/core';
import { fromBytes, toBytes } from '@dendrite/model';
import { adam } from '@dendrite/optimizers';
import type { Model } from '@dendrite/spec';
import { describe, test } from 'vitest';
import { forecaster, sequenceClassifier } from '../index.ts';

const runtime = await createRuntime();
const kit = { runtime, bytes: { toBytes, fromBytes }, feature: [3, 2], fit: { epochs: 15, batchSize: 16 } };

describe('sequenceClassifier', () => {
  const make = () => sequenceClassifier({ units: 10, cell: 'gru', optimizer: adam({ learningRate: 0.03 }) });
  for (const each of modelConformance(make, kit)) test(each.name, each.run);
});

describe('forecaster', () => {
  const make = () =>
    forecaster({ window: 3, units: 12, cell: 'gru', optimizer: adam({ learningRate: 0.02 }) }) as Model;
  for (const each of modelConformance(make, { ...kit, fit: { epochs: 40, batchSize: 16 } })) test(each.name, each.run);
});
