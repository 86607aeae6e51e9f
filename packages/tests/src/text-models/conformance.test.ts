/** The model kit on classifiers of texts: each row of its numbers is written as a text, a word a number. */
import { documentClassifier, type TextClassifier, textClassifier } from '@dendrite/attention';
import { wasm } from '@dendrite/backend-wasm';
import { modelConformance } from '@dendrite/conformance';
import { createRuntime } from '@dendrite/core';
import { adaptModel, fromBytes, toBytes } from '@dendrite/model';
import { adam } from '@dendrite/optimizers';
import { type Data, DendriteError, type Inputs, type Model } from '@dendrite/spec';
import { describe, test } from 'vitest';

const features = 4;
const words = ['far-below', 'below', 'around', 'above', 'far-above'];
/** `'0-below 1-around …'` for each row. */
function written(x: unknown): string[] {
  const { data, shape } = Array.isArray(x)
    ? { data: (x as number[][][]).flat(2), shape: [x.length, 1, features] }
    : (x as { readonly data: ArrayLike<number>; readonly shape: readonly number[] });
  const [rows = 0, ...each] = shape;
  if (String(each) !== `1,${features}` || data.length !== rows * features)
    throw new DendriteError(
      'SHAPE',
      `x must be [rows, 1, ${features}], got ${data.length} numbers in [${String(shape)}].`,
    );
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: features }, (_, i) => {
      const place = Math.round(Number(data[row * features + i])) + 2;
      return `${i}-${words[Math.min(4, Math.max(0, place))]}`;
    }).join(' '),
  );
}
const texts = (data: unknown): unknown => {
  const { x, ...rest } = data as { readonly x: unknown };
  return { ...rest, x: written(x) };
};

function ofRows(classifier: TextClassifier): Model {
  const { meta, capabilities, config } = classifier;
  return adaptModel<Model, null>({
    ...{ meta, capabilities, config, inner: () => classifier },
    adaptation: {
      learn: (data, options) => ({
        learned: null,
        data: texts(data) as Data,
        options: {
          ...options,
          ...(typeof options.validation === 'object' && { validation: texts(options.validation) as Data }),
        },
      }),
      data: (_, data) => texts(data) as Data,
      inputs: (_, x) => written(x) as never as Inputs,
      read: () => null,
    },
  });
}

const kit = {
  ...{
    runtime: await createRuntime({ backends: [wasm({ threads: 1 })], fallback: false }),
    bytes: { toBytes, fromBytes },
    feature: [1, features],
  },
  fit: { epochs: 3, batchSize: 16 },
};
const size = { width: 8, heads: 1, dropout: 0, level: 'spaces', optimizer: adam({ learningRate: 0.03 }) } as const;

describe('textClassifier', () => {
  for (const each of modelConformance(() => ofRows(textClassifier({ ...size, layers: 1 })), kit))
    test(each.name, each.run);
});
describe('documentClassifier', () => {
  for (const each of modelConformance(() => ofRows(documentClassifier({ ...size, levels: [2] })), kit))
    test(each.name, each.run);
});
