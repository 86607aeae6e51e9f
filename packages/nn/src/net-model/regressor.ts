/** A regressor of any layer: a `Model` of numbers. */
import type { DefinedModel } from '@dendrite/model';
import { DendriteError, type Json } from '@dendrite/spec';
import { version } from '../version.ts';
import { netModel } from './net-model.ts';
import { checkLoss, type NetLayer, type NetOptions } from './net-options.ts';
import type { NetCapabilities, NetFitOptions } from './net-plan.ts';
import { type Loss, regressionHead, type TargetScale, targetScale } from './task-head.ts';

export interface RegressorCapabilities extends NetCapabilities {
  readonly task: 'regression';
  readonly probabilities: false;
}
export interface RegressorOptions extends NetOptions {
  /** Default `'meanSquaredError'`; or `(outputs, targets, { reduction: 'none' }) → losses` on standardised targets. */
  readonly loss?: 'meanSquaredError' | Loss;
}
const capabilities: RegressorCapabilities = {
  task: 'regression',
  data: 'batches',
  probabilities: false,
  importance: false,
  outOfBag: false,
  parameters: true,
  resume: 'step',
};

/**
 * Learns numbers: `layer` gives one for each example. Targets are standardised for the network and put back afterwards; the loss that
 * is reported is the mean squared error in the data's own units.
 * @param layer  its last layer has one output: `dense(1)`
 * @param options  as in `classifier`, but `loss` is `'meanSquaredError'` by default
 * @throws as `classifier`
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, regressor, sequential } from '@dendrite/nn';
 * const houses = [{ area: 50, price: 100 }, { area: 80, price: 160 }, { area: 120, price: 240 }];
 * const model = regressor(sequential(dense(16), relu, dense(1)));
 * const prices = await model.fit({ rows: houses, target: 'price' }, { epochs: 50 });
 * const [price] = await prices.predict([{ area: 100 }]);
 */
export function regressor(
  layer: NetLayer,
  options: RegressorOptions = {},
): DefinedModel<RegressorCapabilities, NetFitOptions> {
  const loss = checkLoss('regressor', options.loss, 'meanSquaredError');
  return netModel({
    name: 'nn/regressor',
    owner: 'regressor',
    version,
    capabilities,
    layer,
    options,
    config: { loss: loss === undefined ? 'meanSquaredError' : 'custom' },
    fitHead: (_labels, targets, output) => regressionHead(targetScale(targets), output, loss),
    headFrom: (_labels, json, output) => regressionHead(savedScale(json), output, loss),
  });
}

function savedScale(json: Json): TargetScale {
  const { mean, deviation } = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, Json>>;
  if (typeof mean === 'number' && typeof deviation === 'number' && Number.isFinite(mean) && deviation > 0)
    return { mean, deviation };
  throw new DendriteError(
    'FORMAT',
    `restore(): the scale of the targets must be { mean, deviation }, got ${JSON.stringify(json)}. The file is damaged.`,
  );
}
