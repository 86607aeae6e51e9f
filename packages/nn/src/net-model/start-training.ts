/** Parameters, slots and place to begin with; what goes on from a file is `go-on-from.ts`. */
import { leaves } from '@dendrite/core';
import { DendriteError, type Json, type Runtime } from '@dendrite/spec';
import { freshNet, type NetParts } from './fitted-net.ts';
import { type NetPlan, type NetTask, runtimeOf } from './net-plan.ts';
import { free } from './parts.ts';
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
  const runtime = await runtimeOf(task.runtime);
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
        first: { params, state, slots: slotsOf(plan, params, runtime) },
        ...beginning,
      };
    } catch (error) {
      free(params, state);
      throw error;
    }
  }
  const { goOnFrom } = await import('./on-demand.ts');
  return goOnFrom(from, plan, task, batchSize, beginning);
}

/** New slots for these parameters. */
export const slotsOf = (
  { optimizer }: NetPlan,
  params: TrainingState['params'],
  runtime: Runtime,
): TrainingState['slots'] => runtime.scope(() => optimizer.init(params));

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
export type Continued = Pick<Start, 'sums' | 'examples' | 'untold' | 'memory'>;
