/** The beginning of a training that goes on from a saved model or from a checkpoint. */
import { DendriteError, type Json } from '@dendrite/spec';
import { type NetPlan, type NetTask, runtimeOf } from './net-plan.ts';
import { free } from './parts.ts';
import { restoreNet } from './restore-net.ts';
import { type Continued, type Start, slotsOf } from './start-training.ts';
import type { TrainingState } from './train-step.ts';
import { treeFrom } from './tree-from.ts';

/** @throws what the file throws; OPTION  for another optimizer or batch size than the checkpoint's; nothing is left behind then */
export async function goOnFrom(
  from: NonNullable<NetTask['from']>,
  plan: NetPlan,
  task: NetTask,
  batchSize: number,
  beginning: Omit<Start, 'net' | 'first'>,
): Promise<Start> {
  const { data, labels } = task;
  const runtime = await runtimeOf(task.runtime);
  const { header, arrays } = from;
  const { params, state, ...net } = await restoreNet(
    plan,
    { saved: from, arrays, extra: header.extra, labels, feature: data.feature, runtime },
    'fit()',
  );
  try {
    const fresh = slotsOf(plan, params, runtime);
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
