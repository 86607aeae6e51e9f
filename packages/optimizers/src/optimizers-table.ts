/** Optimizers by name, for models that are loaded from a file. */
import { DendriteError, type Json, type Optimizer } from '@dendrite/spec';
import { adaGrad } from './ada-grad/ada-grad.ts';
import { adam } from './adam/adam.ts';
import { adamW } from './adam/adam-w.ts';
import { clipped } from './clipping/clipped.ts';
import { rmsProp } from './rms-prop/rms-prop.ts';
import { sgd } from './sgd/sgd.ts';

const plain = {
  'optimizers/sgd': sgd,
  'optimizers/ada-grad': adaGrad,
  'optimizers/rms-prop': rmsProp,
  'optimizers/adam': adam,
  'optimizers/adam-w': adamW,
} as const;

/** Name → factory that rebuilds the optimizer from its `config`. */
export const optimizersTable: Readonly<Record<string, (config: Json) => Optimizer>> = Object.freeze({
  ...Object.fromEntries(
    Object.entries(plain).map(([name, make]) => [name, (config: Json): Optimizer => make(fields(name, config))]),
  ),
  'optimizers/clipped': (config: Json): Optimizer => {
    const { optimizer, globalNorm, value, normType } = fields('optimizers/clipped', config);
    const inner = fields('optimizers/clipped', optimizer ?? null);
    const name = String(inner.name);
    const make = Object.hasOwn(optimizersTable, name) ? optimizersTable[name] : undefined;
    if (make === undefined)
      throw new DendriteError(
        'FORMAT',
        `optimizers/clipped: its optimizer must be one of this package, got '${name}'. Build it with clipped(…) and pass it to the model.`,
      );
    if (value !== undefined) return clipped(make(inner.config ?? null), { value: Number(value) });
    return clipped(make(inner.config ?? null), {
      globalNorm: Number(globalNorm),
      normType: normType === 'infinity' ? Infinity : Number(normType ?? 2),
    });
  },
});

function fields(name: string, config: Json): Readonly<Record<string, Json>> {
  if (typeof config === 'object' && config !== null && !Array.isArray(config))
    return config as Readonly<Record<string, Json>>;
  throw new DendriteError(
    'FORMAT',
    `${name}: config must be an object, got ${JSON.stringify(config)}. The file is damaged.`,
  );
}
