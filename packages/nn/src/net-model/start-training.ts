/** Parameters, slots and place to begin with: new ones, a saved model's, or a checkpoint's. */
import { leaves } from '@dendrite/core';
import { DendriteError, type Json } from '@dendrite/spec';
import { freshNet, type NetParts, restoreNet } from './fitted-net.ts';
import { type NetPlan, type NetTask, runtimeOf } from './net-plan.ts';
import { free, treeFrom } from './parts.ts';
import { fitScaling } from './scaling.ts';
import type { TrainingState } from './train-step.ts';
import type { Sums } from './validate.ts';

/** A step's event. */
export interface Told {
  /** Steps and examples of the whole run, this one included. */
  readonly done: number;
  readonly examples: number;
  readonly metrics: Readonly<Record<string, number>>;
}
export interface Start {
  readonly net: Omit<NetParts, 'params' | 'state'>;
  readonly first: TrainingState;
  readonly cursor: { readonly epoch: number; readonly batch: number; readonly step: number };
  readonly sums: Sums;
  /** Seen in all. */
  readonly examples: number;
  /** Steps that were made and not told of yet. */
  readonly untold: readonly Told[];
  /** What the optimizer remembers of the metrics of earlier epochs. */
  readonly memory?: Json | undefined;
}

/** @throws what the layer, the head and the file throw; nothing is left behind then */
export async function startTraining(plan: NetPlan, task: NetTask, batchSize: number): Promise<Start> {
  const { data, from, labels, seed } = task;
  const runtime = runtimeOf(task.runtime);
  const beginning = {
    cursor: { epoch: 0, batch: 0, step: 0 },
    sums: { loss: 0, correct: 0, rows: 0 },
    examples: 0,
    untold: [],
  };
  if (from === undefined) {
    const scaling = await fitScaling(plan.scaling, data);
    const make = (): ReturnType<typeof freshNet> => freshNet(plan, runtime, seed, data.feature.shape);
    await runtime.load(make);
    const { params, state, output } = make();
    try {
      const head = plan.fitHead(labels, data.targets(), output);
      if (leaves(params).length === 0)
        throw new DendriteError(
          'OPTION',
          `${plan.owner}(): its layer must have parameters to learn, got none. Put a dense() into it.`,
        );
      return {
        net: { runtime, layer: plan.layer, head, scaling },
        first: { params, state, slots: slotsOf(plan, task, params) },
        ...beginning,
      };
    } catch (error) {
      free(params, state);
      throw error;
    }
  }
  const { header, arrays } = from;
  const { params, state, ...net } = await restoreNet(
    plan,
    { saved: from, arrays, extra: header.extra, labels, feature: data.feature, runtime },
    'fit()',
  );
  try {
    const fresh = slotsOf(plan, task, params);
    if (!('cursor' in from)) return { net, first: { params, state, slots: fresh }, ...beginning };
    const continued = checkedContinuation(header.extra, plan, batchSize, fresh);
    return {
      net,
      first: { params, state, slots: treeFrom('optimizer', fresh, arrays, runtime, 'fit()') },
      cursor: from.cursor,
      ...continued,
    };
  } catch (error) {
    free(params, state);
    throw error;
  }
}

const slotsOf = (plan: NetPlan, task: NetTask, params: TrainingState['params']): TrainingState['slots'] =>
  runtimeOf(task.runtime).scope(() => plan.optimizer.init(params));

/** What must be the same when a run goes on, and where it was. */
export const continuation = (
  { optimizer }: NetPlan,
  batchSize: number,
  { sums, examples, untold, memory }: Continued,
): { readonly [name: string]: Json } => ({
  optimizer: { name: optimizer.name, config: optimizer.config },
  batchSize,
  sums: { ...sums },
  examples,
  untold: untold.map((told): Json => ({ ...told })),
  ...(memory !== undefined && { memory }),
});
type Continued = Pick<Start, 'sums' | 'examples' | 'untold' | 'memory'>;

function checkedContinuation(
  extra: Json,
  { optimizer }: NetPlan,
  batchSize: number,
  slots: TrainingState['slots'],
): Continued {
  const found = (typeof extra === 'object' && extra !== null ? extra : {}) as Readonly<Record<string, Json>>;
  const same = JSON.stringify(found.optimizer) === JSON.stringify({ name: optimizer.name, config: optimizer.config });
  if (!same || found.batchSize !== batchSize) {
    free(slots);
    const shown = (name: string, size: number): string => `${name} and batches of ${size}`;
    throw new DendriteError(
      'OPTION',
      `fit(): a run that goes on must have the checkpoint's optimizer and batch size, ${shown(JSON.stringify(found.optimizer), Number(found.batchSize))}, got ${shown(JSON.stringify({ name: optimizer.name, config: optimizer.config }), batchSize)}. To change them, go on from a saved model instead.`,
    );
  }
  const { loss, correct, rows } = (found.sums ?? {}) as Readonly<Record<string, Json>>;
  const { untold, memory } = found as Readonly<Record<string, Json>> & Partial<Continued>;
  return {
    sums: { loss: numberOf(loss), correct: numberOf(correct), rows: numberOf(rows) },
    examples: numberOf(found.examples),
    untold: Array.isArray(untold) ? untold : [],
    ...(memory !== undefined && { memory }),
  };
}

/** What a file says, if it is a number. */
const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
