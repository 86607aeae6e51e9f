/** The named arrays of a file as a tree of tensors. */
import { leaves, mapTree } from '@dendrite/core';
import { DendriteError, type Runtime, type SavedArray, type Tensor, type Tree } from '@dendrite/spec';
import { free } from './parts.ts';

/**
 * A tree of the form of `template` with the arrays of a file; the template's tensors are freed.
 * @throws FORMAT  where an array is missing, or has another shape or dtype; it names the path
 */
export function treeFrom(
  prefix: string,
  template: Tree,
  arrays: Readonly<Record<string, SavedArray>>,
  runtime: Runtime,
  where: string,
): Tree {
  const made: Tensor[] = [];
  const known = new Set(leaves(template).map(({ path }) => (path === '' ? prefix : `${prefix}.${path}`)));
  try {
    const extra = Object.keys(arrays).find((name) => name.startsWith(`${prefix}.`) && !known.has(name));
    if (extra !== undefined)
      throw new DendriteError(
        'FORMAT',
        `${where}: the file's arrays must be those of this model, got '${extra}', which it lacks. Build the model as it was saved.`,
      );
    const tree = mapTree(template, (tensor, path): Tensor => {
      const name = path === '' ? prefix : `${prefix}.${path}`;
      const array = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
      if (array === undefined)
        throw new DendriteError(
          'FORMAT',
          `${where}: the file must have an array '${name}', got none. Build the model as it was saved.`,
        );
      if (array.dtype !== tensor.dtype || String(array.shape) !== String(tensor.shape))
        throw new DendriteError(
          'FORMAT',
          `${where}: '${name}' must be ${tensor.dtype} [${tensor.shape.join(', ')}], got ${array.dtype} [${array.shape.join(', ')}]. Build the model as it was saved; its input had another shape.`,
        );
      const restored = runtime.tensor(array.data, array.shape, array.dtype);
      made.push(restored);
      return restored;
    });
    return tree as Tree;
  } catch (error) {
    for (const tensor of made) tensor.dispose();
    throw error;
  } finally {
    free(template);
  }
}
