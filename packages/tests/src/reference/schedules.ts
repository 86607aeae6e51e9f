/** schedules.json: the rate in force at each step, or after each reported metric. On the host: the same on every backend. */
import {
  cosineDecay,
  cosineRestarts,
  cyclicRate,
  exponentialDecay,
  linearRate,
  multiStepDecay,
  oneCycle,
  polynomialDecay,
  reduceOnPlateau,
  type Schedule,
  stepDecay,
} from '@dendrite/optimizers';
import type { Json } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import { configOf, type Fields, NotBuilt, numberAt, numbersAt, type ReferenceCase } from './reference-case.ts';
import { Results } from './results.ts';

interface TorchSchedule {
  /** Beginning of the case's name. */
  readonly name: RegExp;
  /** Options that are known. */
  readonly options: readonly string[];
  make(config: Fields, baseLr: number): Schedule;
}
const textAt = (config: Fields, name: string, otherwise: string): string => {
  const value = config[name] ?? otherwise;
  if (typeof value !== 'string') throw new Error(`${name}: must be a text, got ${JSON.stringify(value)}`);
  return value;
};
/** Torch's word → ours. @throws NotBuilt  for a word that is not known */
const word = <T extends string>(
  config: Fields,
  name: string,
  otherwise: string,
  known: Readonly<Record<string, T>>,
): T => {
  const value = textAt(config, name, otherwise);
  const ours = Object.hasOwn(known, value) ? known[value] : undefined;
  if (ours === undefined) throw new NotBuilt(`${name} ${value}`);
  return ours;
};

const schedules: readonly TorchSchedule[] = [
  {
    name: /^step/,
    options: ['stepSize', 'gamma'],
    make: (config) => stepDecay({ every: numberAt(config, 'stepSize'), factor: numberAt(config, 'gamma', 0.1) }),
  },
  {
    name: /^multi-step/,
    options: ['milestones', 'gamma'],
    make: (config) =>
      multiStepDecay({ milestones: numbersAt(config, 'milestones'), factor: numberAt(config, 'gamma', 0.1) }),
  },
  {
    name: /^exponential/,
    options: ['gamma'],
    make: (config) => exponentialDecay({ factor: numberAt(config, 'gamma') }),
  },
  {
    name: /^linear/,
    options: ['startFactor', 'endFactor', 'totalIters'],
    make: (config) =>
      linearRate({
        from: numberAt(config, 'startFactor', 1 / 3),
        to: numberAt(config, 'endFactor', 1),
        steps: numberAt(config, 'totalIters', 5),
      }),
  },
  {
    name: /^polynomial/,
    options: ['totalIters', 'power'],
    make: (config) =>
      polynomialDecay({ steps: numberAt(config, 'totalIters', 5), power: numberAt(config, 'power', 1) }),
  },
  {
    name: /^cosine-warm-restarts/,
    options: ['t0', 'tMult', 'etaMin'],
    make: (config) =>
      cosineRestarts({
        steps: numberAt(config, 't0'),
        growth: numberAt(config, 'tMult', 1),
        minimum: numberAt(config, 'etaMin', 0),
      }),
  },
  {
    name: /^cosine/,
    options: ['tMax', 'etaMin'],
    make: (config) =>
      cosineDecay({ steps: numberAt(config, 'tMax'), minimum: numberAt(config, 'etaMin', 0), repeat: true }),
  },
  {
    name: /^one-cycle/,
    options: ['maxLr', 'totalSteps', 'pctStart', 'divFactor', 'finalDivFactor', 'annealing'],
    make: (config) =>
      oneCycle({
        maximum: numberAt(config, 'maxLr'),
        steps: numberAt(config, 'totalSteps'),
        rise: numberAt(config, 'pctStart', 0.3),
        startDivisor: numberAt(config, 'divFactor', 25),
        endDivisor: numberAt(config, 'finalDivFactor', 1e4),
        shape: word(config, 'annealing', 'cosine', { cosine: 'cosine', cos: 'cosine', linear: 'linear' }),
      }),
  },
  {
    name: /^cyclic/,
    options: ['baseLr', 'maxLr', 'stepSizeUp', 'stepSizeDown', 'mode', 'gamma'],
    make: (config, baseLr) => {
      const up = numberAt(config, 'stepSizeUp', 2000);
      return cyclicRate({
        minimum: numberAt(config, 'baseLr', baseLr),
        maximum: numberAt(config, 'maxLr'),
        stepsUp: up,
        stepsDown: numberAt(config, 'stepSizeDown', up),
        height: word(config, 'mode', 'triangular', {
          triangular: 'constant',
          triangular2: 'halved',
          exp_range: 'exponential',
        }),
        factor: numberAt(config, 'gamma', 1),
      });
    },
  },
  {
    name: /^reduce-on-plateau/,
    options: ['mode', 'factor', 'patience', 'threshold', 'thresholdMode', 'cooldown', 'minLr', 'eps'],
    make: (config) =>
      reduceOnPlateau({
        monitor: 'metric',
        mode: word(config, 'mode', 'min', { min: 'min', max: 'max' }),
        factor: numberAt(config, 'factor', 0.1),
        patience: numberAt(config, 'patience', 10),
        threshold: numberAt(config, 'threshold', 1e-4),
        thresholdMode: word(config, 'thresholdMode', 'rel', { rel: 'relative', abs: 'absolute' }),
        cooldown: numberAt(config, 'cooldown', 0),
        minimum: numberAt(config, 'minLr', 0),
        epsilon: numberAt(config, 'eps', 1e-8),
      }),
  },
];

export async function runSchedule(_machine: Machine, { name, fields }: ReferenceCase): Promise<Results> {
  const known = schedules.find((each) => each.name.test(name));
  if (!known) throw new NotBuilt(`schedule ${name}`);
  const base = numberAt(fields, 'baseLr');
  const schedule = known.make(configOf(fields, known.options), base);
  const results = new Results();
  const list = (rates: readonly number[]) => ({ shape: [rates.length], data: rates });
  if (fields.metric === undefined) {
    const expected = numbersAt(fields, 'learningRates');
    results.add('learningRates', list(expected.map((_, step) => schedule.rate(step, base))), list(expected));
    return results;
  }
  let memory: Json | undefined;
  const after = numbersAt(fields, 'metric').map((metric, step) => {
    memory = schedule.observe?.(memory, { metric }, step, base);
    return schedule.rate(step + 1, base, memory);
  });
  results.add('learningRatesAfter', list(after), list(numbersAt(fields, 'learningRatesAfter')));
  return results;
}
