/**
 * A `Model` of a layer and a head: what `classifier`, `regressor` and the models of other packages are made by. The head says what
 * the targets are on the device, which loss is made small and what is answered; all else is alike.
 */
import { version as coreVersion } from '@dendrite/core';
import { type DefinedModel, defineModel, type ExtendInfo } from '@dendrite/model';
import { version as optimizersVersion } from '@dendrite/optimizers';
import type { Json, Label, Numbers, Shape } from '@dendrite/spec';
import type { Rule } from '../option/check-options.ts';
import { version as nnVersion } from '../version.ts';
import { fittedNet, type NetCore } from './fitted-net.ts';
import { accepts, type NetLayer, type NetOptions, netFitRules, netPlanOf } from './net-options.ts';
import { type NetCapabilities, type NetFitOptions, type NetPlan, runtimeOf } from './net-plan.ts';
import type { TaskHead } from './task-head.ts';
import { trainNet } from './train-net.ts';

export interface NetModelDefinition<C extends NetCapabilities, E extends object = object> {
  /** Name of the factory that rebuilds it from its config, `'nn/classifier'`. */
  readonly name: `${string}/${string}`;
  /** The function that users called, for messages. */
  readonly owner: string;
  readonly version: string;
  readonly capabilities: C;
  readonly layer: NetLayer;
  readonly options: NetOptions;
  /** What options there are besides those of every net. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** What the config holds besides layer, optimizer, scaling, epochs and batchSize. */
  readonly config: { readonly [name: string]: Json };
  /** Default: the layer alone decides whether a file fits. */
  accepts?(config: Json): string | undefined;
  /** For training: what the targets ask for. `output` is the layer's, for a batch of one. */
  fitHead(labels: readonly Label[], targets: Numbers, output: Shape): TaskHead;
  /** For a file: what its `head` says. */
  headFrom(labels: readonly Label[], json: Json, output: Shape): TaskHead;
  /** Further members of the fitted model. */
  extend?(core: NetCore, info: ExtendInfo<NetCapabilities>): E;
}

/** @throws OPTION  for an unknown option or a value out of its range */
export function netModel<const C extends NetCapabilities, E extends object = object>(
  definition: NetModelDefinition<C, E>,
): DefinedModel<C, NetFitOptions, E> {
  const { name, owner, version, capabilities, layer, options, rules = {}, config: own, extend } = definition;
  const { config, ...shared } = netPlanOf(owner, layer, options, rules);
  const plan: NetPlan = {
    ...shared,
    fitHead: (labels, targets, output) => definition.fitHead(labels, targets, output),
    headFrom: (labels, json, output) => definition.headFrom(labels, json, output),
  };
  const made: object = defineModel<NetCapabilities, NetFitOptions, E>({
    meta: { name, version, api: 1 },
    capabilities,
    config: { ...config, ...own },
    options: netFitRules,
    packages: {
      '@dendrite/core': coreVersion,
      '@dendrite/nn': nnVersion,
      '@dendrite/optimizers': optimizersVersion,
      ...plan.layer.packages,
      [`@dendrite/${name.split('/')[0]}`]: version,
    },
    accepts: definition.accepts ?? accepts(config.layer ?? null),
    async computesOn(runtime) {
      const { name, packageVersion, arithmetic } = (await runtimeOf(runtime)).device;
      return { name, version: packageVersion, ...(arithmetic !== undefined && { arithmetic }) };
    },
    train: (task) => trainNet(plan, task),
    plan: async (task) => (await import('./on-demand.ts')).planNet(plan, task),
    restore: async (task) => fittedNet(await (await import('./on-demand.ts')).restoreNet(plan, task)),
    ...(extend && { extend: (core, info) => extend(core as NetCore, info) }),
  });
  // The capabilities are the definition's: `C` is what they were given as.
  return made as DefinedModel<C, NetFitOptions, E>;
}
