// A checkpoint of a net as the checkpoint of a larger one: what both have keeps its bits, parameters and optimizer state alike.
import { leaves } from '@dendrite/core';
import type { Checkpoint, Json, Layer, Optimizer, Runtime, SavedArray, Shape, Tree } from '@dendrite/spec';

export interface Larger {
  readonly layer: Layer<Tree, Tree>;
  readonly optimizer: Optimizer;
  /** The config of its model: what the file will say of itself. */
  readonly config: Json;
  /** Of one batch of one example. */
  readonly input: Shape;
  /** Where a parameter of it was in the smaller net; undefined: it is new. */
  before(path: string): string | undefined;
}
export interface Grown {
  readonly checkpoint: Checkpoint;
  /** Names of the arrays that were taken over and of those that are new. */
  readonly kept: readonly string[];
  readonly added: readonly string[];
}

/** New parameters are made by `layer.init`, new slots by `optimizer.init`; the run's place in the data stays. */
export async function grow(
  runtime: Runtime,
  from: Checkpoint,
  { layer, optimizer, config, input, before }: Larger,
  seed: number,
): Promise<Grown> {
  const { params, state } = layer.init(runtime.key(seed).fork('growth'), input);
  const slots = optimizer.init(params);
  const arrays: Record<string, SavedArray> = {};
  const kept: string[] = [];
  const added: string[] = [];
  const take = async (prefix: string, tree: Tree): Promise<void> => {
    for (const { path, tensor } of leaves(tree)) {
      const name = path === '' ? prefix : `${prefix}.${path}`;
      const old = before(path);
      const saved = old === undefined ? undefined : from.arrays[`${prefix}.${old}`];
      (saved ? kept : added).push(name);
      arrays[name] = saved ?? { dtype: tensor.dtype, shape: tensor.shape, data: await tensor.data(tensor.dtype) };
    }
  };
  await take('params', params);
  await take('state', state);
  // Each slot is a tree like the parameters'.
  for (const [slot, tree] of Object.entries(slots)) await take(`optimizer.${slot}`, tree);
  for (const tree of [params, state, slots]) for (const { tensor } of leaves(tree)) tensor.dispose();
  return { checkpoint: { ...from, header: { ...from.header, config }, arrays }, kept, added };
}

/** Whether every array that was taken over has the bits it had. */
export function sameBits(before: Checkpoint, { checkpoint, kept }: Grown, old: (name: string) => string): boolean {
  return kept.every((name) => {
    const [a, b] = [before.arrays[old(name)], checkpoint.arrays[name]].map(
      (array) => array && new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength),
    );
    return a !== undefined && b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
  });
}
