/** Optimizers by name, for models that are loaded from a file. */
import { DendriteError, type Json, type Optimizer } from '@dendrite/spec';
import { accumulated } from './accumulated/accumulated.ts';
import { adaDelta } from './ada-delta/ada-delta.ts';
import { adaGrad } from './ada-grad/ada-grad.ts';
import { adaMax } from './ada-max/ada-max.ts';
import { adam } from './adam/adam.ts';
import { adamW } from './adam/adam-w.ts';
import { averaged } from './averaged/averaged.ts';
import { clipped } from './clipping/clipped.ts';
import { grouped } from './grouped/grouped.ts';
import type { Selection } from './grouped/paths.ts';
import { lion } from './lion/lion.ts';
import { lossScaled } from './loss-scaled/loss-scaled.ts';
import { nadam } from './nadam/nadam.ts';
import { objectOf } from './named/named.ts';
import { radam } from './radam/radam.ts';
import { rmsProp } from './rms-prop/rms-prop.ts';
import { rprop } from './rprop/rprop.ts';
import { scheduleFrom } from './schedule/schedules-table.ts';
import { scheduled } from './scheduled/scheduled.ts';
import { sgd } from './sgd/sgd.ts';

type Fields = Readonly<Record<string, Json>>;

/** Those whose config is their options. */
const plain: Readonly<Record<string, (options: Fields) => Optimizer>> = {
  'optimizers/sgd': sgd,
  'optimizers/ada-grad': adaGrad,
  'optimizers/rms-prop': rmsProp,
  'optimizers/adam': adam,
  'optimizers/adam-w': adamW,
  'optimizers/ada-max': adaMax,
  'optimizers/nadam': nadam,
  'optimizers/radam': radam,
  'optimizers/ada-delta': adaDelta,
  'optimizers/rprop': rprop,
  'optimizers/lion': lion,
};

/** Those around another: its config holds that one's name and config as `optimizer`. */
const wrappers: Readonly<Record<string, (inner: Optimizer, config: Fields) => Optimizer>> = {
  'optimizers/clipped': (inner, { globalNorm, value, normType = 2 }) =>
    value === undefined
      ? clipped(inner, {
          globalNorm: Number(globalNorm),
          normType: normType === 'infinity' ? Number.POSITIVE_INFINITY : Number(normType),
        })
      : clipped(inner, { value: Number(value) }),
  'optimizers/scheduled': (inner, { schedule }) => scheduled(inner, scheduleFrom(schedule)),
  'optimizers/averaged': (inner, { decay, warmUp }) =>
    averaged(inner, { decay: Number(decay), warmUp: warmUp === true }),
  'optimizers/accumulated': (inner, { batches }) => accumulated(inner, { batches: Number(batches) }),
  'optimizers/loss-scaled': (inner, { optimizer: _, ...options }) => lossScaled(inner, options as object),
  'optimizers/grouped': (inner, { groups }) =>
    grouped(
      inner,
      (Array.isArray(groups) ? groups : []).map((group) => {
        const { parameters, optimizer } = objectOf('optimizers/grouped', group);
        return { parameters: parameters as Selection, optimizer: innerFrom('optimizers/grouped', optimizer) };
      }),
    ),
};

/** Name → factory that rebuilds the optimizer from its `config`. */
export const optimizersTable: Readonly<Record<string, (config: Json) => Optimizer>> = Object.freeze({
  ...Object.fromEntries(
    Object.entries(plain).map(([name, make]) => [name, (config: Json): Optimizer => make(objectOf(name, config))]),
  ),
  ...Object.fromEntries(
    Object.entries(wrappers).map(([name, make]) => [
      name,
      (config: Json): Optimizer => {
        const fields = objectOf(name, config);
        return make(innerFrom(name, fields.optimizer), fields);
      },
    ]),
  ),
});

/** From `{ name, config }`. @throws FORMAT  for an optimizer that is not of this package */
function innerFrom(owner: string, json: Json | undefined): Optimizer {
  const inner = objectOf(owner, json ?? null);
  const name = String(inner.name);
  const make = Object.hasOwn(optimizersTable, name) ? optimizersTable[name] : undefined;
  if (make === undefined)
    throw new DendriteError(
      'FORMAT',
      `${owner}: its optimizer must be one of this package, got '${name}'. Build it as it was trained and pass it to the model.`,
    );
  return make(inner.config ?? null);
}
