/** One step: forward, backward, guard, update. Nothing in it reads back; what it found is one small tensor that is read later. */
import {
  abs,
  cast,
  equal,
  leaves,
  mapTree,
  max,
  mul,
  stack,
  stepScalars,
  sum,
  valueAndGrad,
  where,
} from '@dendrite/core';
import type { Json, Key, Optimizer, Runtime, Tensor, Tree } from '@dendrite/spec';
import type { AnyLayer } from '../composition/bind-layer.ts';
import { batchLoss, rowLosses, type TaskHead } from './task-head.ts';

/** All that a step takes and gives back. */
export interface TrainingState {
  readonly params: Tree;
  readonly state: Tree;
  readonly slots: Tree;
}
export interface StepBatch {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly rows: number;
  /** `[B]`, adding up to 1. */
  readonly weights?: Tensor;
}
export interface StepRules {
  readonly runtime: Runtime;
  readonly layer: AnyLayer;
  readonly head: TaskHead;
  readonly optimizer: Optimizer;
  /** Of the network's random numbers; the step's number is mixed in. */
  readonly key: Key;
}

/** Numbers that a step reports before those of its gradients: loss, correct rows, what the loss was multiplied by. */
export const foundFirst = 3;

/**
 * Consumes the state and gives its successor, with `[loss, correct rows, loss scale, largest |gradient| of each parameter]` as a
 * tensor; the gradients are those of the scaled loss. `memory` is what the optimizer remembers of reported metrics.
 * Where any of the gradients or the loss is not finite, the successor is the state itself: parameters, slots and running means.
 */
export function trainStep(
  { runtime, layer, head, optimizer, key }: StepRules,
  before: TrainingState,
  batch: StepBatch,
  step: number,
  memory?: Json,
): { readonly after: TrainingState; readonly found: Tensor } {
  return runtime.scope(() => {
    const scale = optimizer.lossScale?.(before.slots).scale;
    const counter = runtime.tensor(new Int32Array([step]), [], 'int32') as Tensor<readonly []>;
    const { gradients, aux } = valueAndGrad((params: Tree) => {
      const [outputs, next] = layer.apply({ params, state: before.state }, batch.x, {
        training: true,
        key: key.at(counter),
      });
      const y = outputs as Tensor;
      const correct = runtime.untracked(() => head.correct?.(y, batch.y) ?? runtime.tensor(0, []));
      const loss = batchLoss(rowLosses(head.losses(y, batch.y), batch.rows), batch.weights);
      return { loss: scale === undefined ? loss : mul(loss, scale), aux: { loss, next, correct } };
    })(before.params);
    const largest = leaves(gradients as Tree).map(({ tensor }) =>
      tensor.size === 0 ? runtime.tensor(0, []) : max(abs(tensor)),
    );
    const found = stack([aux.loss, aux.correct, scale ?? runtime.tensor(1, []), ...largest]);
    // 0·x is 0 for finite numbers and NaN for all others.
    const sound = equal(sum(mul(found, 0)), 0);
    const scalars = stepScalars(runtime, optimizer.scalars(step, optimizer.learningRate, memory));
    const { params, state: slots } = optimizer.update(before.params, gradients as Tree, before.slots, {
      ...scalars,
      proceed: cast(sound, 'float32') as Tensor<readonly []>,
    });
    const state = nextState(before.state, aux.next, sound);
    return { after: { params, state, slots }, found };
  });
}

/** The layers' next state where the step was sound; what it replaces is freed. */
function nextState(before: Tree, next: Tree, sound: Tensor): Tree {
  const old = new Map(leaves(before).map(({ path, tensor }) => [path, tensor]));
  const made = mapTree(next, (tensor, path): Tensor => {
    const previous = old.get(path);
    if (previous === undefined || previous === tensor) return tensor;
    const kept = tensor.dtype === 'bool' ? tensor : where(sound, tensor, previous);
    previous.dispose();
    return kept;
  });
  return made as Tree;
}

/** Losses and right answers of a batch without training, `[Σ loss, correct]`. */
export function measureBatch(
  { runtime, layer, head, key }: Omit<StepRules, 'optimizer'>,
  { params, state }: Pick<TrainingState, 'params' | 'state'>,
  batch: StepBatch,
): Tensor {
  return runtime.untracked(() =>
    runtime.scope(() => {
      const y = layer.apply({ params, state }, batch.x, { training: false, key })[0] as Tensor;
      const losses = rowLosses(head.losses(y, batch.y), batch.rows);
      const weighted = batch.weights === undefined ? losses : mul(mul(losses, batch.weights), batch.rows);
      return stack([sum(weighted), head.correct?.(y, batch.y) ?? runtime.tensor(0, [])]);
    }),
  );
}
