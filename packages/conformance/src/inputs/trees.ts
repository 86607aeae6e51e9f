/** Trees of tensors on the host and back: nested plain objects and arrays. */
import type { DType, Runtime, Tensor, Tree } from '@dendrite/spec';
import type { OutputValue } from '../op/op-kit.ts';
import { isFloat } from './make-input.ts';

export const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && '~dendrite' in value && value['~dendrite'] === 'tensor';

export interface Leaf {
  readonly path: string;
  readonly tensor: Tensor;
}

/** Every tensor with its path, in the order of the keys. */
export function leavesOf(tree: unknown, path = ''): Leaf[] {
  if (isTensor(tree)) return [{ path, tensor: tree }];
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, each]: [string, unknown]) =>
    leavesOf(each, path === '' ? key : `${path}.${key}`),
  );
}

/** A tree of the same form. */
export function mapped(tree: Tree, f: (tensor: Tensor, path: string) => Tensor, path = ''): Tree {
  if (isTensor(tree)) return f(tree, path);
  const below = (key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map((each, i) => mapped(each, f, below(i)));
  return Object.fromEntries(
    Object.entries(tree as Readonly<Record<string, Tree>>).map(([key, each]) => [key, mapped(each, f, below(key))]),
  );
}

/** Path → value. */
export async function readTree(tree: unknown): Promise<ReadonlyMap<string, OutputValue>> {
  const values = new Map<string, OutputValue>();
  for (const { path, tensor } of leavesOf(tree))
    values.set(path, { shape: tensor.shape, dtype: tensor.dtype, data: await tensor.data(tensor.dtype) });
  return values;
}

/** The same values on a runtime, floats in `float`. */
export async function copyTree(tree: Tree, runtime: Runtime, float?: DType): Promise<Tree> {
  const values = await readTree(tree);
  return mapped(tree, (tensor, path) => {
    const value = values.get(path);
    const dtype = float !== undefined && isFloat(tensor.dtype) ? float : tensor.dtype;
    const data = value?.data ?? [];
    if (dtype === 'float64') return runtime.tensor(Float64Array.from(data), tensor.shape, dtype);
    if (dtype === 'float32') return runtime.tensor(Float32Array.from(data), tensor.shape, dtype);
    return runtime.tensor(dtype === 'int32' ? Int32Array.from(data) : Uint8Array.from(data), tensor.shape, dtype);
  });
}

export function disposeTree(tree: unknown): void {
  for (const { tensor } of leavesOf(tree)) tensor.dispose();
}
