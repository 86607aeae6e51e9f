/** losses.json: `loss`, and `grads` of sum(loss) with respect to each input. */
import { logSoftmax, sum, transpose, valueAndGrad } from '@dendrite/core';
import {
  binaryCrossEntropyWithLogits,
  cosineEmbeddingLoss,
  ctcLoss,
  gaussianLoss,
  huberLoss,
  klDivergence,
  meanAbsoluteError,
  meanSquaredError,
  multiMarginLoss,
  poissonLoss,
  type Reduction,
  smoothL1Loss,
  softmaxCrossEntropy,
  tripletMarginLoss,
} from '@dendrite/nn';
import type { HostTensor, Tensor } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import {
  configOf,
  type Fields,
  NotBuilt,
  numberAt,
  numbersAt,
  permuted,
  type ReferenceCase,
  tensorAt,
  tensorsAt,
} from './reference-case.ts';
import { Results } from './results.ts';

type Loss = (machine: Machine, fields: Fields) => (inputs: readonly Tensor[]) => Tensor;

function reductionOf({ reduction = 'mean' }: Fields): Reduction {
  if (reduction === 'mean' || reduction === 'sum' || reduction === 'none') return reduction;
  throw new NotBuilt(`reduction ${JSON.stringify(reduction)}`);
}

function only([first]: readonly Tensor[]): Tensor {
  if (!first) throw new Error('inputs: must have a tensor');
  return first;
}

const crossEntropy: Loss = (machine, fields) => {
  const config = configOf(fields, ['reduction', 'labelSmoothing', 'weights', 'ignoreIndex']);
  const target = tensorAt(fields, 'target');
  const rank = tensorsAt(fields, 'inputs')[0]?.shape.length ?? 0;
  const soft = rank === target.shape.length;
  // Torch's classes are axis 1, ours the last one.
  const classesLast = [0, ...Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i + 2), 1];
  const turn = rank > 2;
  const targets = machine.tensor(soft && turn ? permuted(target, classesLast) : target, soft ? machine.float : 'int32');
  const options = {
    reduction: reductionOf(config),
    labelSmoothing: numberAt(config, 'labelSmoothing', 0),
    ignoreIndex: numberAt(config, 'ignoreIndex', -100),
    ...(config.weights !== undefined && { classWeights: machine.tensor(tensorAt(config, 'weights')) }),
  };
  return (inputs) => softmaxCrossEntropy(turn ? transpose(only(inputs), classesLast) : only(inputs), targets, options);
};

const binaryCrossEntropy: Loss = (machine, fields) => {
  const config = configOf(fields, ['reduction', 'posWeight']);
  const targets = machine.tensor(tensorAt(fields, 'target'));
  const options = {
    reduction: reductionOf(config),
    ...(config.posWeight !== undefined && { positiveWeight: machine.tensor(tensorAt(config, 'posWeight')) }),
  };
  return (inputs) => binaryCrossEntropyWithLogits(only(inputs), targets, options);
};

/** A loss of outputs and targets of one form. */
const ofTwo =
  (
    known: readonly string[],
    compute: (outputs: Tensor, targets: Tensor, config: Fields, reduction: Reduction) => Tensor,
    dtype?: 'int32',
  ): Loss =>
  (machine, fields) => {
    const config = configOf(fields, ['reduction', ...known]);
    const reduction = reductionOf(config);
    const targets = machine.tensor(tensorAt(fields, 'target'), dtype ?? machine.float);
    return (inputs) => compute(only(inputs), targets, config, reduction);
  };
const flagAt = (config: Fields, name: string, otherwise: boolean): boolean => {
  const value = config[name] ?? otherwise;
  if (typeof value !== 'boolean') throw new Error(`${name}: must be true or false`);
  return value;
};

/** @throws NotBuilt  where the inputs are not what is known of such a case */
function logits(config: Fields, said: string): void {
  if (config.inputIs !== undefined && config.inputIs !== said) throw new NotBuilt(`inputs that are ${config.inputIs}`);
}

const divergence: Loss = (machine, fields) => {
  const config = configOf(fields, ['reduction', 'inputIs', 'logTarget']);
  logits(config, 'logits passed through log_softmax');
  const reduction = config.reduction === 'batchmean' ? 'batchMean' : reductionOf(config);
  const targets = machine.tensor(tensorAt(fields, 'target'));
  const logTargets = flagAt(config, 'logTarget', false);
  return (inputs) => klDivergence(logSoftmax(only(inputs)), targets, { reduction, logTargets });
};

const hinge: Loss = (machine, fields) => {
  const config = configOf(fields, ['reduction', 'margin', 'p', 'weights']);
  const codes = machine.tensor(tensorAt(fields, 'target'), 'int32');
  const options = {
    reduction: reductionOf(config),
    margin: numberAt(config, 'margin', 1),
    power: numberAt(config, 'p', 1) === 2 ? (2 as const) : (1 as const),
    ...(config.weights !== undefined && { classWeights: machine.tensor(tensorAt(config, 'weights')) }),
  };
  return (inputs) => multiMarginLoss(only(inputs), codes, options);
};

/** The inputs by their place. */
function placed(inputs: readonly Tensor[], count: number): readonly Tensor[] {
  if (inputs.length !== count) throw new Error(`inputs: must have ${count} tensors, got ${inputs.length}`);
  return inputs;
}

const gaussian: Loss = (machine, fields) => {
  const config = configOf(fields, ['reduction', 'full', 'eps']);
  const targets = machine.tensor(tensorAt(fields, 'target'));
  const options = {
    reduction: reductionOf(config),
    full: flagAt(config, 'full', false),
    epsilon: numberAt(config, 'eps', 1e-6),
  };
  return (inputs) => {
    const [mean, variance] = placed(inputs, 2) as [Tensor, Tensor];
    return gaussianLoss({ mean, variance }, targets, options);
  };
};

const cosine: Loss = (machine, fields) => {
  const config = configOf(fields, ['reduction', 'margin']);
  const targets = machine.tensor(tensorAt(fields, 'target'));
  const options = { reduction: reductionOf(config), margin: numberAt(config, 'margin', 0) };
  return (inputs) => {
    const [first, second] = placed(inputs, 2) as [Tensor, Tensor];
    return cosineEmbeddingLoss({ first, second }, targets, options);
  };
};

const triplet: Loss = (_machine, fields) => {
  const config = configOf(fields, ['reduction', 'margin', 'p', 'eps', 'swap']);
  const options = {
    reduction: reductionOf(config),
    margin: numberAt(config, 'margin', 1),
    power: numberAt(config, 'p', 2),
    epsilon: numberAt(config, 'eps', 1e-6),
    swap: flagAt(config, 'swap', false),
  };
  return (inputs) => {
    const [anchor, positive, negative] = placed(inputs, 3) as [Tensor, Tensor, Tensor];
    return tripletMarginLoss({ anchor, positive, negative }, options);
  };
};

/** Torch's sequences are [T, B, K], ours [B, T, K]. */
const sequences: Loss = (machine, fields) => {
  const config = configOf(fields, ['reduction', 'blank', 'inputIs', 'inputLengths', 'targetLengths', 'zeroInfinity']);
  logits(config, 'logits [time, batch, class] passed through log_softmax');
  const labels = machine.tensor(tensorAt(fields, 'target'), 'int32');
  const options = {
    reduction: reductionOf(config),
    blank: numberAt(config, 'blank', 0),
    zeroInfinity: flagAt(config, 'zeroInfinity', false),
    ...(config.inputLengths !== undefined && { inputLengths: numbersAt(config, 'inputLengths') }),
    ...(config.targetLengths !== undefined && { labelLengths: numbersAt(config, 'targetLengths') }),
  };
  return (inputs) => ctcLoss(transpose(only(inputs), [1, 0, 2]), labels, options);
};

/** Beginning of the case's name → ours. */
const losses: readonly (readonly [RegExp, Loss])[] = [
  [/^cross-entropy/, crossEntropy],
  [/^bce-with-logits/, binaryCrossEntropy],
  [/^mse/, ofTwo([], (y, t, _, reduction) => meanSquaredError(y, t, { reduction }))],
  [/^l1/, ofTwo([], (y, t, _, reduction) => meanAbsoluteError(y, t, { reduction }))],
  [
    /^smooth-l1/,
    ofTwo(['beta'], (y, t, config, reduction) => smoothL1Loss(y, t, { reduction, beta: numberAt(config, 'beta', 1) })),
  ],
  [
    /^huber/,
    ofTwo(['delta'], (y, t, config, reduction) => huberLoss(y, t, { reduction, delta: numberAt(config, 'delta', 1) })),
  ],
  [/^kl-div/, divergence],
  [/^(hinge-)?multi-margin|^hinge/, hinge],
  [
    /^poisson-nll/,
    ofTwo(['logInput', 'full', 'eps'], (y, t, config, reduction) =>
      poissonLoss(y, t, {
        reduction,
        logOutputs: flagAt(config, 'logInput', true),
        full: flagAt(config, 'full', false),
        epsilon: numberAt(config, 'eps', 1e-8),
      }),
    ),
  ],
  [/^gaussian-nll/, gaussian],
  [/^cosine-embedding/, cosine],
  [/^triplet-margin/, triplet],
  [/^ctc/, sequences],
];

export async function runLoss(machine: Machine, { name, fields }: ReferenceCase): Promise<Results> {
  const loss = losses.find(([pattern]) => pattern.test(name))?.[1];
  if (!loss) throw new NotBuilt(`loss ${name}`);
  const results = new Results();
  const inputs = tensorsAt(fields, 'inputs')
    .filter((tensor): tensor is HostTensor => tensor !== null)
    .map((tensor) => machine.tensor(tensor));
  const compute = loss(machine, fields);
  const { aux, gradients } = valueAndGrad((params: readonly Tensor[]) => {
    const made = compute(params);
    return { loss: sum(made), aux: made };
  })(inputs);
  results.add('loss', await machine.host(aux), tensorAt(fields, 'loss'));
  const list: readonly Tensor[] = gradients;
  const wanted = tensorsAt(fields, 'grads');
  for (let i = 0; i < Math.max(list.length, wanted.length); i++) {
    const gradient = list[i];
    results.add(`grads.${i}`, gradient && (await machine.host(gradient)), wanted[i]);
  }
  return results;
}
