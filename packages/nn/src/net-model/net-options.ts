/** What `classifier` and `regressor` have in common: options, their defaults, and the config that a file keeps. */

import { type OptionRules, wholeNumber } from '@dendrite/model';
import { accumulated, adam, type Clipping, clipped, lossScaled } from '@dendrite/optimizers';
import { DendriteError, type Json, type LayerLike, type Optimizer, type Tensor, type Tree } from '@dendrite/spec';
import { asLayer } from '../composition/bind-layer.ts';
import { layerJson } from '../composition/layer-json.ts';
import { checkLayer } from '../composition/sequential.ts';
import { anything, checkOptions, count, oneOf, type Rule } from '../option/check-options.ts';
import type { NetFitOptions, NetPlan } from './net-plan.ts';
import type { ScalingChoice } from './scaling.ts';

export interface NetOptions extends NetFitOptions {
  /** Default `adam()`. It is configuration: saved with the model. */
  readonly optimizer?: Optimizer;
  /** Clips the gradients first: `{ globalNorm }` or `{ value }`. */
  readonly clip?: Clipping;
  /** Batches whose gradients are averaged for one step; see `accumulated` of the optimizers. Default 1. */
  readonly accumulate?: number;
  /** Multiplies the loss while it is differentiated: a number from 1, or `'adaptive'`; see `lossScaled` of the optimizers. */
  readonly lossScale?: number | 'adaptive';
  /** What is done to the inputs: see `ScalingChoice`. Default `'auto'`. */
  readonly scaling?: ScalingChoice;
}
/** A layer from one tensor to one tensor, or a function. */
export type NetLayer = LayerLike<Tensor, Tree>;

export const netFitRules: OptionRules<NetFitOptions> = { epochs: wholeNumber(), batchSize: wholeNumber() };
const common: Readonly<Record<string, Rule>> = {
  optimizer: {
    must: 'be an optimizer such as adam()',
    holds: (v) => typeof v === 'object' && v !== null && '~dendrite' in v && v['~dendrite'] === 'optimizer',
  },
  clip: { must: 'be { globalNorm } or { value }', holds: (v) => typeof v === 'object' && v !== null },
  accumulate: count,
  lossScale: {
    must: "be a finite number of at least 1, or 'adaptive'",
    holds: (v) => v === 'adaptive' || (typeof v === 'number' && Number.isFinite(v) && v >= 1),
  },
  scaling: oneOf('auto', 'bytes', 'standardise', 'none'),
  epochs: count,
  batchSize: count,
  loss: anything,
};

/** Options checked and filled in. @throws OPTION */
export function netPlanOf(
  owner: string,
  layer: NetLayer,
  options: NetOptions,
  rules: Readonly<Record<string, Rule>>,
): Omit<NetPlan, 'fitHead' | 'headFrom'> & { readonly config: { readonly [name: string]: Json } } {
  checkLayer(owner, 'its first argument', layer);
  checkOptions(owner, options, { ...common, ...rules });
  const { scaling = 'auto', epochs = 10, batchSize = 32 } = options;
  const optimizer = wrapped(options);
  const config = {
    layer: layerJson(layer),
    optimizer: { name: optimizer.name, config: optimizer.config },
    scaling,
    epochs,
    batchSize,
  };
  return { owner, layer: asLayer(layer), optimizer, scaling, epochs, batchSize, config };
}

/** Clipping sees what one step is made of: the mean gradient of all its batches, freed of the loss scale. */
function wrapped({ optimizer = adam(), clip, accumulate = 1, lossScale }: NetOptions): Optimizer {
  const short = clip === undefined ? optimizer : clipped(optimizer, clip);
  const whole = accumulate === 1 ? short : accumulated(short, { batches: accumulate });
  if (lossScale === undefined) return whole;
  return lossScaled(whole, lossScale === 'adaptive' ? { every: 2000 } : { scale: lossScale });
}

/** Only the layer decides whether a file fits: optimizer and epochs are how it was trained. */
export function accepts(layer: Json): (config: Json) => string | undefined {
  return (config) => {
    const found = (config as { readonly layer?: Json } | null)?.layer ?? null;
    if (covers(layer, found)) return undefined;
    return `must have the layer ${shortened(canonical(layer))}, got ${shortened(canonical(found))}`;
  };
}

/**
 * Whether all that the file says is so. An option that it lacks is younger than the file, and had no say then: whether its default
 * changes anything, the shapes of the arrays and the probe tell.
 */
function covers(own: Json, file: Json): boolean {
  if (typeof own !== 'object' || own === null || typeof file !== 'object' || file === null) return own === file;
  if (Array.isArray(own) || Array.isArray(file))
    return (
      Array.isArray(own) &&
      Array.isArray(file) &&
      own.length === file.length &&
      own.every((each: Json, i) => covers(each, file[i] as Json))
    );
  const fields = own as { readonly [name: string]: Json };
  return Object.entries(file).every(
    ([name, value]) => Object.hasOwn(fields, name) && covers(fields[name] as Json, value as Json),
  );
}

/** The custom loss of the options. @throws OPTION */
export function checkLoss<L>(owner: string, loss: string | L | undefined, builtIn: string): L | undefined {
  if (loss === undefined || loss === builtIn) return undefined;
  if (typeof loss === 'function') return loss;
  throw new DendriteError(
    'OPTION',
    `${owner}(): loss must be '${builtIn}' or a function (outputs, targets, { reduction: 'none' }) → losses, got ${String(loss)}.`,
  );
}

/** The same text for the same JSON, whatever the order of its keys. */
function canonical(json: Json): string {
  return JSON.stringify(json, (_, value: unknown) =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}
const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
