/** Trees that must be like the parameters'. */
import { leaves } from '@dendrite/core';
import { DendriteError, type Tensor, type Tree } from '@dendrite/spec';

export interface Leaf {
  readonly path: string;
  readonly tensor: Tensor;
}

/** The tensors of `tree` in the order of the parameters. @throws SHAPE, DTYPE  naming the path where they differ */
export function checkLeaves(name: string, what: string, params: readonly Leaf[], tree: Tree): readonly Tensor[] {
  const found = leaves(tree);
  return params.map(({ path, tensor }, i) => {
    const leaf = found[i];
    if (leaf === undefined || leaf.path !== path || found.length !== params.length)
      throw new DendriteError(
        'SHAPE',
        `${name} update(): ${what} must be a tree like the parameters', got ${found.length === params.length ? `'${leaf?.path}' in place of '${path}'` : `${found.length} tensors for ${params.length}`}. Pass what grad() and init() gave for these parameters.`,
      );
    if (leaf.tensor.dtype !== tensor.dtype)
      throw new DendriteError(
        'DTYPE',
        `${name} update(): ${what} at '${path}' must be ${tensor.dtype} as the parameter is, got ${leaf.tensor.dtype}. Cast it.`,
      );
    if (String(leaf.tensor.shape) !== String(tensor.shape) || leaf.tensor.shape.length !== tensor.shape.length)
      throw new DendriteError(
        'SHAPE',
        `${name} update(): ${what} at '${path}' must have the parameter's shape [${tensor.shape.join(', ')}], got [${leaf.tensor.shape.join(', ')}].`,
      );
    return leaf.tensor;
  });
}
