/** optimizers.json: the same gradients fed step by step; the parameters after each step. */
import { stepScalars } from '@dendrite/core';
import { adaGrad, adam, adamW, rmsProp, sgd } from '@dendrite/optimizers';
import type { HostTensor, Optimizer, Tensor } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import {
  configOf,
  type Fields,
  NotBuilt,
  numberAt,
  type ReferenceCase,
  tensorOf,
  tensorsAt,
} from './reference-case.ts';
import { Results } from './results.ts';

/** Torch's option → ours. */
const optionNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  SGD: { momentum: 'momentum', dampening: 'dampening', nesterov: 'nesterov', weight_decay: 'weightDecay' },
  Adagrad: {
    lr_decay: 'learningRateDecay',
    weight_decay: 'weightDecay',
    initial_accumulator_value: 'initialAccumulator',
    eps: 'epsilon',
  },
  RMSprop: { alpha: 'alpha', eps: 'epsilon', weight_decay: 'weightDecay', momentum: 'momentum', centered: 'centered' },
  Adam: { eps: 'epsilon', weight_decay: 'weightDecay', amsgrad: 'amsGrad', betas: 'betas' },
  AdamW: { eps: 'epsilon', weight_decay: 'weightDecay', amsgrad: 'amsGrad', betas: 'betas' },
};
const factories: Readonly<Record<string, (options: Readonly<Record<string, unknown>>) => Optimizer>> = {
  SGD: sgd,
  Adagrad: adaGrad,
  RMSprop: rmsProp,
  Adam: adam,
  AdamW: adamW,
};

function optimizerOf(fields: Fields): Optimizer {
  const torch = String(fields.torch);
  const make = Object.hasOwn(factories, torch) ? factories[torch] : undefined;
  const names = optionNames[torch];
  if (!make || !names) throw new NotBuilt(`optimizer ${torch}`);
  const config = configOf(fields, ['lr', ...Object.keys(names)]);
  const options: Record<string, unknown> = { learningRate: numberAt(config, 'lr') };
  // Torch's defaults where ours differ.
  if (torch === 'AdamW') options.weightDecay = 0.01;
  for (const [key, value] of Object.entries(config)) {
    const name = names[key];
    if (name === undefined) continue;
    if (name !== 'betas') options[name] = value;
    else if (Array.isArray(value)) [options.beta1, options.beta2] = value;
  }
  return make(options);
}

const listAt = (fields: Fields, name: string): readonly unknown[] => {
  const value = fields[name];
  if (!Array.isArray(value)) throw new Error(`${name}: must be a list`);
  return value;
};

export async function runOptimizer(machine: Machine, { fields }: ReferenceCase): Promise<Results> {
  const optimizer = optimizerOf(fields);
  const results = new Results();
  const steps = listAt(fields, 'gradients');
  const expected = listAt(fields, 'parameters');
  let params: readonly Tensor[] = tensorsAt(fields, 'initial')
    .filter((tensor): tensor is HostTensor => tensor !== null)
    .map((tensor) => machine.tensor(tensor));
  let state = optimizer.init(params);
  for (let step = expected.length; step < steps.length; step++) results.add(`parameters.${step}`, undefined, undefined);
  for (const [step, wanted] of expected.entries()) {
    const given = steps[step];
    if (Array.isArray(given)) {
      const gradients = given.map((tensor: unknown, i) => machine.tensor(tensorOf(tensor, `gradients.${step}.${i}`)));
      const numbers = optimizer.scalars(step + 1, optimizer.learningRate);
      const next = optimizer.update(
        params,
        gradients,
        state,
        stepScalars(machine.runtime, numbers, { dtype: machine.float }),
      );
      params = next.params;
      state = next.state;
    }
    for (const [i, tensor] of tensorsAt({ wanted }, 'wanted').entries()) {
      const made = Array.isArray(given) ? params[i] : undefined;
      results.add(`parameters.${step}.${i}`, made && (await machine.host(made)), tensor);
    }
  }
  return results;
}
