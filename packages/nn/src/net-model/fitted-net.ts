/** A trained network: predicts, is saved, and owns its parameters. */
import type { FittedCore, SavedParts } from '@dendrite/model';
import { type Batch, DendriteError, type Json, type Runtime, type Shape, type Tensor, type Tree } from '@dendrite/spec';
import type { AnyLayer } from '../composition/bind-layer.ts';
import type { NetCapabilities, NetPlan } from './net-plan.ts';
import { arraysOf, free } from './parts.ts';
import { type Scaling, scaled, scalingJson } from './scaling.ts';
import type { TaskHead } from './task-head.ts';

export interface NetParts {
  readonly runtime: Runtime;
  readonly layer: AnyLayer;
  readonly head: TaskHead;
  readonly scaling: Scaling;
  readonly params: Tree;
  readonly state: Tree;
}

/** A trained network, with more than the contract asks for: its layer can be run on, and a batch's whole answer be read. */
export type NetCore = FittedCore<NetCapabilities> & {
  readonly runtime: Runtime;
  readonly layer: AnyLayer;
  /** All that `head.answer` makes of a batch, before `head.read` takes from it what `predict` gives. */
  answers(batch: Batch): Promise<{ readonly data: Float32Array; readonly shape: Shape }>;
};

/** Takes `params` and `state` over: `dispose` frees them. */
export function fittedNet({ runtime, layer, head, scaling, params, state }: NetParts): NetCore {
  const answers: NetCore['answers'] = async (batch) => {
    const key = runtime.key(0);
    const ask = (): Tensor =>
      runtime.untracked(() =>
        runtime.scope(() => {
          const x = runtime.tensor(scaled(batch, scaling), batch.x.shape);
          return head.answer(layer.apply({ params, state }, x, { training: false, key })[0] as Tensor);
        }),
      );
    await runtime.load(ask);
    const answer = ask();
    try {
      return { data: await answer.data(), shape: answer.shape };
    } finally {
      answer.dispose();
    }
  };
  return {
    params,
    state,
    runtime,
    layer,
    answers,
    predict: async (batch: Batch) => {
      const { data, shape } = await answers(batch);
      return head.read(data, shape);
    },
    async save(): Promise<SavedParts> {
      return { arrays: await netArrays(params, state), extra: netExtra(scaling, head) };
    },
    dispose: () => free(params, state),
  };
}

/** The arrays of a network in a file: `params.0.filters`, `state.1.mean`. */
export const netArrays = async (params: Tree, state: Tree): Promise<SavedParts['arrays']> => ({
  ...(await arraysOf('params', params)),
  ...(await arraysOf('state', state)),
});
export const netExtra = (scaling: Scaling, head: TaskHead): { readonly [name: string]: Json } => ({
  scaling: scalingJson(scaling),
  head: head.json,
});

/** New parameters for examples of this shape. @throws OPTION  if there are none to learn; what `init` throws, with the shape that it was given */
export function freshNet(
  { layer, owner }: NetPlan,
  runtime: Runtime,
  seed: number,
  feature: Shape,
): { readonly params: Tree; readonly state: Tree; readonly output: Shape } {
  const made = runtime.scope(() => {
    const { params, state, output } = layer.init(runtime.key(seed).fork('parameters'), [1, ...feature]);
    return { params, state, output };
  });
  const { output } = made;
  if (!Array.isArray(output) || !output.every((length): length is number => typeof length === 'number')) {
    free(made.params, made.state);
    throw new DendriteError(
      'OPTION',
      `${owner}(): its layer must give one tensor, got a tree of them. Join them at its end.`,
    );
  }
  return { params: made.params, state: made.state, output };
}
