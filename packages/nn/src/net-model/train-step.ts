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
import type { Key, Optimizer, Runtime, StepNumbers, StepScalars, Tensor, Tree } from '@dendrite/spec';
import type { AnyLayer } from '../composition/bind-layer.ts';
import { batchLoss, rowLosses, type TaskHead } from './task-head.ts';

/** All that a step takes and gives back. */
export type TrainingState = {
  readonly params: Tree;
  readonly state: Tree;
  readonly slots: Tree;
};
/** `weights`: `[B]`, adding up to 1. */
export type StepBatch =
  | { readonly x: Tensor; readonly y: Tensor }
  | { readonly x: Tensor; readonly y: Tensor; readonly weights: Tensor };
const rowsOf = ({ x }: StepBatch): number => x.shape[0] ?? 0;
const weightsOf = (batch: StepBatch): Tensor | undefined => ('weights' in batch ? batch.weights : undefined);
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

/** Name of the step scalar that is mixed into random numbers; it is a whole number. */
export const counterName = '~counter';

/**
 * The step for `compile`: consumes the state and gives its successor, with `[loss, correct rows, loss scale, largest |gradient| of
 * each parameter]` as a tensor; the gradients are those of the scaled loss. Step scalars are the optimizer's, and the counter.
 * Where any of the gradients or the loss is not finite, the successor is the state itself: parameters, slots and running means.
 */
export const trainingStep =
  ({ runtime, layer, head, optimizer, key }: StepRules) =>
  (
    before: TrainingState,
    batch: StepBatch,
    { [counterName]: counter, ...scalars }: StepScalars,
  ): { readonly state: TrainingState; readonly out: Tensor } => {
    const scale = optimizer.lossScale?.(before.slots).scale;
    const { gradients, aux } = valueAndGrad((params: Tree) => {
      const [outputs, next] = layer.apply({ params, state: before.state }, batch.x, {
        training: true,
        key: counter === undefined ? key : key.at(counter),
      });
      const y = outputs as Tensor;
      const correct = runtime.untracked(() => head.correct?.(y, batch.y) ?? runtime.tensor(0, []));
      const loss = batchLoss(rowLosses(head.losses(y, batch.y), rowsOf(batch)), weightsOf(batch));
      return { loss: scale === undefined ? loss : mul(loss, scale), aux: { loss, next, correct } };
    })(before.params);
    const largest = leaves(gradients as Tree).map(({ tensor }) =>
      tensor.size === 0 ? runtime.tensor(0, []) : max(abs(tensor)),
    );
    const found = stack([aux.loss, aux.correct, scale ?? runtime.tensor(1, []), ...largest]);
    // 0·x is 0 for finite numbers and NaN for all others.
    const sound = equal(sum(mul(found, 0)), 0);
    const { params, state: slots } = optimizer.update(before.params, gradients as Tree, before.slots, {
      ...scalars,
      proceed: cast(sound, 'float32') as Tensor<readonly []>,
    });
    const state = nextState(before.state, aux.next, sound);
    return { state: { params, state, slots }, out: found };
  };

/** Loads what such a step runs by, leaving its state alone. */
export async function loadStep(
  rules: StepRules,
  now: TrainingState,
  batch: () => StepBatch,
  { [counterName]: counter = 0, ...numbers }: StepNumbers,
): Promise<void> {
  const { runtime } = rules;
  await runtime.load(() => {
    const scalars = {
      ...stepScalars(runtime, numbers),
      ...stepScalars(runtime, { [counterName]: counter }, { dtype: 'int32' }),
    };
    const same = (tree: Tree): Tree => mapTree(tree, (tensor) => runtime.reshape(tensor, tensor.shape));
    const state = { params: same(now.params), state: same(now.state), slots: same(now.slots) };
    trainingStep(rules)(state, batch(), scalars);
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
      const losses = rowLosses(head.losses(y, batch.y), rowsOf(batch));
      const weights = weightsOf(batch);
      const weighted = weights === undefined ? losses : mul(mul(losses, weights), rowsOf(batch));
      return stack([sum(weighted), head.correct?.(y, batch.y) ?? runtime.tensor(0, [])]);
    }),
  );
}
