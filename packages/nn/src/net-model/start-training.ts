/** Parameters, slots and place to begin with: new ones, a saved model's, or a checkpoint's. */
import { leaves } from '@dendrite/core';
import { DendriteError, type Json } from '@dendrite/spec';
import { freshNet, type NetParts, restoreNet } from './fitted-net.ts';
import { type NetPlan, type NetTask, runtimeOf } from './net-plan.ts';
import { free, treeFrom } from './parts.ts';
import { fitScaling } from './scaling.ts';
import type { TrainingState } from './train-step.ts';
import type { Sums } from './validate.ts';

export interface Start {
  readonly net: Omit<NetParts, 'params' | 'state'>;
  readonly first: TrainingState;
  readonly cursor: { readonly epoch: number; readonly batch: number; readonly step: number };
  readonly sums: Sums;
  /** What the optimizer remembers of the metrics of earlier epochs. */
  readonly memory?: Json;
}

/** @throws what the layer, the head and the file throw; nothing is left behind then */
export async function startTraining(plan: NetPlan, task: NetTask, batchSize: number): Promise<Start> {
  const { data, from, labels, seed } = task;
  const runtime = runtimeOf(task.runtime);
  await runtime.load();
  const zero: Sums = { loss: 0, correct: 0, rows: 0 };
  if (from === undefined) {
    const scaling = await fitScaling(plan.scaling, data);
    const { params, state, output } = freshNet(plan, runtime, seed, data.feature.shape);
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
        cursor: { epoch: 0, batch: 0, step: 0 },
        sums: zero,
      };
    } catch (error) {
      free(params, state);
      throw error;
    }
  }
  const { header, arrays } = from;
  const { params, state, ...net } = restoreNet(
    plan,
    { saved: from, arrays, extra: header.extra, labels, feature: data.feature, runtime },
    'fit()',
  );
  try {
    const fresh = slotsOf(plan, task, params);
    if (!('cursor' in from))
      return { net, first: { params, state, slots: fresh }, cursor: { epoch: 0, batch: 0, step: 0 }, sums: zero };
    const { sums, memory } = checkedContinuation(header.extra, plan, batchSize, fresh);
    return {
      net,
      first: { params, state, slots: treeFrom('optimizer', fresh, arrays, runtime, 'fit()') },
      cursor: from.cursor,
      sums,
      ...(memory !== undefined && { memory }),
    };
  } catch (error) {
    free(params, state);
    throw error;
  }
}

const slotsOf = (plan: NetPlan, task: NetTask, params: TrainingState['params']): TrainingState['slots'] =>
  runtimeOf(task.runtime).scope(() => plan.optimizer.init(params));

/** What must be the same when a run goes on. */
export const continuation = (
  { optimizer }: NetPlan,
  batchSize: number,
  sums: Sums,
  memory: Json | undefined,
): { readonly [name: string]: Json } => ({
  optimizer: { name: optimizer.name, config: optimizer.config },
  batchSize,
  sums: { ...sums },
  ...(memory !== undefined && { memory }),
});
function checkedContinuation(
  extra: Json,
  { optimizer }: NetPlan,
  batchSize: number,
  slots: TrainingState['slots'],
): { readonly sums: Sums; readonly memory?: Json } {
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
  const {
    loss = 0,
    correct = 0,
    rows = 0,
  } = (found.sums ?? {}) as { readonly loss?: number; readonly correct?: number; readonly rows?: number };
  return { sums: { loss, correct, rows }, ...(found.memory !== undefined && { memory: found.memory }) };
}
