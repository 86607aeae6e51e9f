/** losses.json: `loss`, and `grads` of sum(loss) with respect to each input. */
import { sum, transpose, valueAndGrad } from '@dendrite/core';
import { binaryCrossEntropyWithLogits, meanSquaredError, type Reduction, softmaxCrossEntropy } from '@dendrite/nn';
import type { HostTensor, Tensor } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import {
  configOf,
  type Fields,
  NotBuilt,
  numberAt,
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

const squares: Loss = (machine, fields) => {
  const reduction = reductionOf(configOf(fields, ['reduction']));
  const targets = machine.tensor(tensorAt(fields, 'target'));
  return (inputs) => meanSquaredError(only(inputs), targets, { reduction });
};

/** Beginning of the case's name → ours. */
const losses: readonly (readonly [RegExp, Loss])[] = [
  [/^cross-entropy/, crossEntropy],
  [/^bce-with-logits/, binaryCrossEntropy],
  [/^mse/, squares],
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
