/** optimizers.json: the same gradients fed step by step; the parameters after each step. */
import { stepScalars } from '@dendrite/core';
import { adaDelta, adaGrad, adaMax, adam, adamW, nadam, radam, rmsProp, rprop, sgd } from '@dendrite/optimizers';
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

interface TorchOptimizer {
  readonly make: (options: Readonly<Record<string, unknown>>) => Optimizer;
  /** Torch's option → ours; two of ours for a pair. */
  readonly options: Readonly<Record<string, string | readonly [string, string]>>;
  /** Torch's defaults where ours differ. */
  readonly standard?: Readonly<Record<string, unknown>>;
}
const decay = { weight_decay: 'weightDecay' };
const moments = { ...decay, betas: ['beta1', 'beta2'], eps: 'epsilon' } as const;
const adams = { ...moments, amsgrad: 'amsGrad' } as const;

const optimizers: Readonly<Record<string, TorchOptimizer>> = {
  SGD: { make: sgd, options: { ...decay, momentum: 'momentum', dampening: 'dampening', nesterov: 'nesterov' } },
  Adagrad: {
    make: adaGrad,
    options: {
      ...decay,
      lr_decay: 'learningRateDecay',
      initial_accumulator_value: 'initialAccumulator',
      eps: 'epsilon',
    },
  },
  RMSprop: {
    make: rmsProp,
    options: { ...decay, alpha: 'alpha', eps: 'epsilon', momentum: 'momentum', centered: 'centered' },
  },
  Adam: { make: adam, options: adams },
  AdamW: { make: adamW, options: adams, standard: { weightDecay: 0.01 } },
  Adamax: { make: adaMax, options: moments },
  // The files are of PyTorch 1.13.0a0, whose product was another.
  NAdam: {
    make: nadam,
    options: { ...moments, momentum_decay: 'momentumDecay' },
    standard: { legacyProduct: true },
  },
  RAdam: { make: radam, options: moments },
  Adadelta: { make: adaDelta, options: { ...decay, rho: 'alpha', eps: 'epsilon' } },
  Rprop: { make: rprop, options: { etas: ['shrink', 'grow'], step_sizes: ['smallestStep', 'largestStep'] } },
};
/** Options of torch that change nothing of the values, where they are off. */
const switches = ['foreach', 'maximize', 'capturable', 'differentiable', 'fused'];

function optimizerOf(fields: Fields): Optimizer {
  const torch = String(fields.torch);
  const known = Object.hasOwn(optimizers, torch) ? optimizers[torch] : undefined;
  if (!known) throw new NotBuilt(`optimizer ${torch}`);
  const config = configOf(fields, ['lr', ...switches, ...Object.keys(known.options)]);
  const on = switches.find((name) => config[name] === true);
  if (on !== undefined) throw new NotBuilt(`the option ${on}`);
  const options: Record<string, unknown> = { learningRate: numberAt(config, 'lr'), ...known.standard };
  for (const [key, value] of Object.entries(config)) {
    const name = known.options[key];
    if (typeof name === 'string') options[name] = value;
    else if (name && Array.isArray(value)) for (const [i, each] of name.entries()) options[each] = value[i];
  }
  return known.make(options);
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
