import { modelConformance } from '@dendrite/conformance';
import { createRuntime } from '@dendrite/core';
import { adaptModel, fromBytes, toBytes } from '@dendrite/model';
import { adam } from '@dendrite/optimizers';
import type { Data, Inputs, Label, Model } from '@dendrite/spec';
import { describe, test } from 'vitest';
import { forecaster, sequenceClassifier, sequenceTagger } from '../index.ts';

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

/** The kit has one label a row: sequences of one step, and the tags of that step. */
const taggerOfRows = (): Model => {
  const tagger = sequenceTagger({
    units: 10,
    bidirectional: false,
    cell: 'gru',
    optimizer: adam({ learningRate: 0.03 }),
  });
  const tagged = (data: unknown): unknown => {
    const { y, ...rest } = data as { readonly y: readonly Label[] };
    return { ...rest, y: Array.from(y, (label) => [label]) };
  };
  return adaptModel<Model, null>({
    meta: tagger.meta,
    capabilities: { ...tagger.capabilities, probabilities: false },
    config: tagger.config,
    inner: () => tagger,
    adaptation: {
      learn: (data, options) => ({
        learned: null,
        data: tagged(data) as Data,
        options: {
          ...options,
          ...(typeof options.validation === 'object' && { validation: tagged(options.validation) as Data }),
        },
      }),
      data: (_learned, data) => tagged(data) as Data,
      inputs: (_learned, inputs) => inputs as Inputs,
      read: () => null,
      members: (_learned, inner) => ({
        predict: async (x: Inputs) => (await inner.predict(x)).flat(),
      }),
    },
  });
};
describe('sequenceTagger', () => {
  const reason = 'a tagger has no weights of classes: its rows have many labels';
  const expectedFailures = {
    'model: a heavier class is predicted more often': reason,
    'model: refuses a weight for a class that is not there': reason,
  };
  // More channels than units: what is damaged in the file is the largest array, which one step must read.
  for (const each of modelConformance(taggerOfRows, { ...kit, feature: [1, 12], expectedFailures }))
    test(each.name, each.run);
});
