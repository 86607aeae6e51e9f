/** Broken optimizers, layers, models and data: killed by the kits of each. */

import {
  datasetConformance,
  layerConformance,
  modelConformance,
  optimizerConformance,
  type PlainRule,
} from '@dendrite/conformance';
import { checkGradients, cpu, createRuntime, leaves, stopGradient, tanh } from '@dendrite/core';
import { toSource } from '@dendrite/model';
import { batchNorm, classifier, dense, dropout, sequential } from '@dendrite/nn';
import { adam, sgd } from '@dendrite/optimizers';
import { hostKey } from '@dendrite/random';
import { fromBytes, toBytes } from '@dendrite/safetensors';
import type {
  ArrayData,
  CaseInput,
  Data,
  DataSource,
  FitOptions,
  Layer,
  Model,
  Optimizer,
  Tensor,
  Tree,
  TreeOf,
} from '@dendrite/spec';
import type { Mutant } from './mutant.ts';

const runtime = await createRuntime({ backends: [cpu()] });

// ── optimizers ──

const adamRule: PlainRule = (initial, gradients) => {
  const [rate, beta1, beta2, epsilon] = [0.05, 0.9, 0.999, 1e-8];
  let p = [...initial];
  const m = p.map(() => 0);
  const v = p.map(() => 0);
  return gradients.map((g, step) => {
    p = p.map((value, i) => {
      const slope = g[i] ?? 0;
      const mean = (m[i] = beta1 * (m[i] ?? 0) + (1 - beta1) * slope);
      const square = (v[i] = beta2 * (v[i] ?? 0) + (1 - beta2) * slope * slope);
      const [first, second] = [mean / (1 - beta1 ** (step + 1)), square / (1 - beta2 ** (step + 1))];
      return value - (rate * first) / (Math.sqrt(second) + epsilon);
    });
    return p;
  });
};
const momentumRule: PlainRule = (initial, gradients) => {
  let p = [...initial];
  const velocity = p.map(() => 0);
  return gradients.map((g) => {
    p = p.map((value, i) => {
      const next = (velocity[i] = 0.9 * (velocity[i] ?? 0) + (g[i] ?? 0));
      return value - 0.02 * next;
    });
    return p;
  });
};

type Made = { readonly make: () => Optimizer; readonly rule: PlainRule; readonly subject: string };
const adams: Made = { make: () => adam({ learningRate: 0.05 }), rule: adamRule, subject: 'adam' };
const momentum: Made = {
  make: () => sgd({ learningRate: 0.02, momentum: 0.9 }),
  rule: momentumRule,
  subject: 'sgd with momentum',
};

const optimizerMutant = (
  { make, rule, subject }: Made,
  fault: string,
  change: (whole: Optimizer) => Partial<Optimizer>,
): Mutant => ({
  kind: 'optimizer',
  name: `${subject}: ${fault}`,
  subject,
  cases: async (broken) =>
    optimizerConformance(() => (broken ? Object.freeze({ ...make(), ...change(make()) }) : make()), { runtime, rule }),
});

const leavesOf = (tree: Tree): Tensor[] => leaves(tree).map(({ tensor }) => tensor);
const copied = (tree: Tree): Tree => {
  if ('~dendrite' in tree) return stopGradient(tree as Tensor);
  if (Array.isArray(tree)) return tree.map(copied);
  return Object.fromEntries(
    Object.entries(tree as Readonly<Record<string, Tree>>).map(([key, each]) => [key, copied(each)]),
  );
};

const optimizers: readonly Mutant[] = [
  optimizerMutant(adams, 'the bias towards 0 is not corrected', () => ({
    scalars: (_step, learningRate) => ({ stepSize: learningRate, rootCorrection: 1 }),
  })),
  optimizerMutant(momentum, 'the velocity is forgotten after each step', (whole) => ({
    update(params, gradients, state, scalars) {
      const next = whole.update(params, gradients, state, scalars);
      for (const velocity of leavesOf(next.state)) velocity.dispose();
      return { params: next.params, state: whole.init(next.params) };
    },
  })),
  optimizerMutant(adams, 'proceed is ignored: a NaN gradient is stepped with', (whole) => ({
    update(params, gradients, state, { proceed: _ignored, ...scalars }) {
      return whole.update(params, gradients, state, scalars);
    },
  })),
  optimizerMutant(adams, 'the old parameters stay alive (leak)', (whole) => ({
    update<P extends Tree>(
      params: P,
      gradients: TreeOf<P, Tensor>,
      state: Tree,
      scalars: Readonly<Record<string, Tensor<readonly []>>>,
    ) {
      return whole.update(copied(params) as P, gradients, state, scalars);
    },
  })),
];

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

export const trainingMutants: readonly Mutant[] = [...optimizers, ...layers, ...models, ...data];
