/** Broken layers, models and data: killed by the kits of each. */

import { datasetConformance, layerConformance, modelConformance } from '@dendrite/conformance';
import { checkGradients, cpu, createRuntime, tanh } from '@dendrite/core';
import { toSource } from '@dendrite/model';
import { batchNorm, classifier, dense, dropout, sequential } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import { hostKey } from '@dendrite/random';
import { fromBytes, toBytes } from '@dendrite/safetensors';
import type { ArrayData, CaseInput, Data, DataSource, FitOptions, Layer, Model, Tree } from '@dendrite/spec';
import type { Mutant } from './mutant.ts';

const runtime = await createRuntime({ backends: [cpu()] });

// ── layers ──

type AnyLayer = Layer<Tree, Tree>;
const layerMutant = (
  subject: string,
  fault: string,
  kit: { readonly input: CaseInput; readonly random?: boolean },
  make: () => AnyLayer,
  change: (whole: AnyLayer) => Partial<AnyLayer>,
): Mutant => ({
  kind: 'layer',
  name: `${subject}: ${fault}`,
  subject,
  cases: async (broken) =>
    layerConformance(() => (broken ? Object.freeze({ ...make(), ...change(make()) }) : make()), {
      runtime,
      checkGradients,
      ...kit,
    }),
});

const layers: readonly Mutant[] = [
  layerMutant(
    'dropout',
    'it still drops at prediction',
    { input: { shape: [4, 20] }, random: true },
    () => dropout(0.5),
    (whole) => ({
      apply: (variables, x, context) => whole.apply(variables, x, { ...context, training: true }),
    }),
  ),
  layerMutant(
    'batchNorm',
    'prediction uses the batch’s statistics',
    { input: { shape: [4, 3] } },
    batchNorm,
    (whole) => ({
      apply: (variables, x, context) => [whole.apply(variables, x, { ...context, training: true })[0], variables.state],
    }),
  ),
];

// ── models ──

type Wide = Omit<FitOptions, 'validation'> & { readonly validation?: Data | number };
interface Changes {
  data?(data: Data, options: Wide): Data;
  options?(options: Wide): Wide;
}
const whole = (classes: number): Model =>
  classifier(sequential(dense(12), tanh, dense(classes)), { optimizer: adam({ learningRate: 0.02 }) });

/** The same model, fitted with other data or options than were given. */
function modelWith(
  model: Model,
  { data: changeData = (data) => data, options: change = (options) => options }: Changes,
): Model {
  const changed: object = {
    ...model,
    fit: (data: Data, options: FitOptions = {}) => model.fit(changeData(data, options), change(options)),
    run: (data: Data, options: FitOptions = {}) => model.run(changeData(data, options), change(options)),
  };
  return Object.freeze(changed) as Model;
}

const modelMutant = (fault: string, change: (model: Model) => Model): Mutant => ({
  kind: 'model',
  name: `classifier: ${fault}`,
  subject: 'classifier',
  cases: async (broken) =>
    modelConformance((classes) => (broken ? change(whole(classes)) : whole(classes)), {
      runtime,
      fit: { epochs: 12, batchSize: 16 },
      bytes: { toBytes, fromBytes },
    }),
});

const isArrayData = (data: Data): data is ArrayData => 'x' in data;
/** Training rows and validation rows in one. */
function joined(data: Data, { validation }: Wide): Data {
  if (!isArrayData(data) || typeof validation !== 'object' || !isArrayData(validation)) return data;
  const [a, b] = [data.x, validation.x];
  if (!('shape' in a) || !('shape' in b)) return data;
  const [rows = 0, ...rest] = a.shape;
  return {
    x: { data: Float32Array.from([...a.data, ...b.data]), shape: [rows + (b.shape[0] ?? 0), ...rest] },
    y: [...Array.from(data.y), ...Array.from(validation.y)],
  };
}

/** Predicts the next label of those it found. */
function turned(model: Model): Model {
  const changed: object = {
    ...model,
    async fit(data: Data, options?: FitOptions) {
      const fitted = await model.fit(data, options);
      const predict = async (...given: Parameters<typeof fitted.predict>) => {
        const found = await fitted.predict(...given);
        const names = [...new Set(found)];
        return found.map((label) => names[(names.indexOf(label) + 1) % names.length] ?? label);
      };
      return { ...fitted, predict };
    },
  };
  return Object.freeze(changed) as Model;
}

const models: readonly Mutant[] = [
  modelMutant('the seed is ignored', (model) => modelWith(model, { options: (options) => ({ ...options, seed: 0 }) })),
  modelMutant('validation rows are learned from', (model) => modelWith(model, { data: joined })),
  modelMutant('sample weights are lost', (model) =>
    modelWith(model, { data: (data) => (isArrayData(data) ? { x: data.x, y: data.y } : data) }),
  ),
  modelMutant('an abort is not heard', (model) =>
    modelWith(model, { options: ({ signal: _deaf, ...options }) => options }),
  ),
  modelMutant('labels come back in the wrong order', turned),
];

// ── data ──

const rows: Data = {
  x: { data: Float32Array.from({ length: 33 }, (_, i) => i * i), shape: [11, 3] },
  y: [...'abcabcabcab'],
};
const source = async (): Promise<DataSource> => toSource(rows, { task: 'classification' });

const data: readonly Mutant[] = [
  {
    kind: 'data',
    name: 'toSource: the last, smaller batch is dropped (off by one)',
    subject: 'toSource',
    cases: async (broken) =>
      datasetConformance(async () => (broken ? shortened(await source()) : source()), { key: hostKey }),
  },
];

function shortened(of: DataSource): DataSource {
  return {
    ...of,
    async *batches(options) {
      for await (const batch of of.batches(options)) if (batch.rows === options.size) yield batch;
    },
  };
}

export const trainingMutants: readonly Mutant[] = [...layers, ...models, ...data];
