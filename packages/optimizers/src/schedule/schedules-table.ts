/** Schedules by name, for models that are loaded from a file. */
import { DendriteError, type Json } from '@dendrite/spec';
import { objectOf } from '../named/named.ts';
import { chainedRates } from './chained-rates.ts';
import { cosineDecay, cosineRestarts, oneCycle } from './cosines.ts';
import { cyclicRate } from './cyclic-rate.ts';
import { exponentialDecay, multiStepDecay, polynomialDecay, stepDecay } from './decays.ts';
import { linearRate } from './linear-rate.ts';
import { reduceOnPlateau } from './reduce-on-plateau.ts';
import type { Schedule } from './schedule.ts';

const plain: Readonly<Record<string, (options: never) => Schedule>> = {
  'schedules/step-decay': stepDecay,
  'schedules/multi-step-decay': multiStepDecay,
  'schedules/exponential-decay': exponentialDecay,
  'schedules/polynomial-decay': polynomialDecay,
  'schedules/linear-rate': linearRate,
  'schedules/cosine-decay': cosineDecay,
  'schedules/cosine-restarts': cosineRestarts,
  'schedules/one-cycle': oneCycle,
  'schedules/cyclic-rate': cyclicRate,
  'schedules/reduce-on-plateau': reduceOnPlateau,
};

/** Rebuilds a schedule from `{ name, config }`. @throws FORMAT  for a name that is not of this package, or a damaged config */
export function scheduleFrom(json: Json | undefined): Schedule {
  const { name, config } = objectOf('schedules', json ?? null);
  if (name === 'schedules/chained-rates' && Array.isArray(config))
    return chainedRates(
      config.map((part: Json) => {
        const { schedule, steps } = objectOf('schedules/chained-rates', part);
        return { schedule: scheduleFrom(schedule), ...(typeof steps === 'number' && { steps }) };
      }),
    );
  const make = typeof name === 'string' && Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (make === undefined)
    throw new DendriteError(
      'FORMAT',
      `schedules: a schedule of a file must be one of this package, got '${String(name)}'. Build the optimizer with scheduled(…) and pass it to the model.`,
    );
  const options: object = objectOf(String(name), config ?? null);
  return make(options as never);
}
