/** The step's own code, run once: in a scope, on state that is given away, with results that have handles of their own. */
import type { Runtime, StepScalars, Tensor, Tree } from '@dendrite/spec';
import { consume } from '../engine/tensor.ts';
import type { TensorHandle } from '../engine/tensor-handle.ts';
import { leaves, rebuild } from '../tree/tree.ts';
import type { Step } from './compile.ts';
import type { Custody } from './custody.ts';
import { formOf } from './step-tree.ts';

export interface Answer {
  readonly state: Tree;
  readonly out: Tree;
}

/** Frees what the step made and did not return. Whether it ends or throws, the old state is consumed. */
export function runBody(
  step: Step<Tree, Tree, Tree>,
  runtime: Runtime,
  state: Tree,
  batch: Tree,
  scalars: () => StepScalars,
  custody?: Custody,
): Answer {
  try {
    return runtime.scope(() => {
      const { state: next, out } = step(state, batch, scalars());
      formOf(next, 'state');
      formOf(out, 'out');
      // What is handed through is the caller's handle: the result gets another.
      const given = new Set<Tensor>([...leaves(state), ...leaves(batch)].map(({ tensor }) => tensor));
      const own = (tensor: Tensor): Tensor => (given.has(tensor) ? runtime.reshape(tensor, tensor.shape) : tensor);
      const successor = rebuild(next, own);
      if (custody !== undefined) {
        const held = leaves(successor).map(({ tensor }) => tensor as TensorHandle);
        custody.take(held, held.length);
      }
      return { state: successor, out: rebuild(out, own) };
    });
  } finally {
    consume(state);
  }
}
