/** Trees of tensors as the named arrays of a file; freed, and shared. */
import { leaves, mapTree } from '@dendrite/core';
import type { DType, HostArray, SavedArray, Tensor, Tree } from '@dendrite/spec';

type Arrays = Readonly<Record<string, SavedArray>>;

/** Every tensor of a tree, copied to the host under `prefix.path`. */
export async function arraysOf(prefix: string, tree: Tree): Promise<Arrays> {
  const entries = leaves(tree).map(
    async ({ path, tensor }) =>
      [
        path === '' ? prefix : `${prefix}.${path}`,
        { dtype: tensor.dtype, shape: tensor.shape, data: await dataOf(tensor) },
      ] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
const dataOf = (tensor: Tensor): Promise<HostArray> => {
  const dtype: DType = tensor.dtype;
  return tensor.data(dtype);
};

/** Frees every tensor of these trees. */
export function free(...trees: readonly Tree[]): void {
  for (const tree of trees) for (const { tensor } of leaves(tree)) tensor.dispose();
}

/** A second handle on every tensor: what it holds lives on when the original is replaced. Nothing is copied. */
export const sharing = (tree: Tree): Tree =>
  mapTree(tree, (tensor): Tensor => tensor.runtime.reshape(tensor, tensor.shape)) as Tree;
