/** Layers with random parameters, applied here and by onnxruntime. */
import { createRuntime, leaves, mapTree } from '@dendrite/core';
import { hostKey, integers, normals, uniforms } from '@dendrite/random';
import type { Key, Runtime, Shape, Tensor, Tree, Variables } from '@dendrite/spec';
import { expect } from 'vitest';
import { close, type Given, given, numbersOf, type Opened } from './onnxruntime.fixture.ts';

const runtime: Runtime = await createRuntime();

/** The tree with other numbers: scales that are not 1, variances above 0. */
const shaken = (tree: Tree, seed: number): Tree => {
  let at = seed;
  return mapTree(tree, (tensor, path): Tensor => {
    const values = path.endsWith('variance')
      ? uniforms(hostKey(++at), tensor.size).map((u) => 0.5 + u)
      : normals(hostKey(++at), tensor.size).map((z) => z / 2);
    return runtime.tensor(Float32Array.from(values), tensor.shape);
  }) as Tree;
};
interface AnyLayer {
  init(key: Key, input: unknown): Variables;
  apply(
    variables: Variables,
    x: Tree,
    context: { readonly training: boolean; readonly key: Key },
  ): readonly [Tree, Tree];
}
const key = runtime.key(3);
export function shakenVariables(layer: unknown, input: unknown): Variables {
  const { params, state } = (layer as AnyLayer).init(key, input);
  return { params: shaken(params, 10), state: shaken(state, 90) };
}

/** Codes below `codes`, else normal numbers; bool inputs are true but for the last of each row. */
export function numbersFor(
  shape: Shape,
  { dtype, codes = 0 }: Pick<Given, 'dtype'> & { readonly codes?: number },
  seed: number,
): Given {
  const size = shape.reduce((a, b) => a * b, 1);
  if (dtype === 'int32') return given(Int32Array.from(integers(hostKey(seed), size, codes)), shape, dtype);
  if (dtype === 'float32') return given(Float32Array.from(normals(hostKey(seed), size)), shape);
  const last = shape.at(-1) ?? 1;
  return given(
    Uint8Array.from({ length: size }, (_, i) => Number(i % last < Math.max(1, last - 1))),
    shape,
    dtype,
  );
}

/** What a layer gives here, and what its export gives there. */
export async function compareLayer(
  layer: unknown,
  variables: Variables,
  model: Opened,
  inputs: Readonly<Record<string, Given>>,
): Promise<void> {
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape, dtype }]) => [name, runtime.tensor(data, shape, dtype)]),
  );
  const x = Object.keys(tensors).length === 1 ? (tensors.x as Tensor) : tensors;
  const [y] = (layer as AnyLayer).apply(variables, x, { training: false, key });
  const found = await model.run(inputs);
  for (const { path, tensor } of leaves(y)) {
    const answer = found[path === '' ? 'y' : path];
    expect(answer?.dims).toEqual(tensor.shape);
    close(answer?.data, await numbersOf(tensor));
  }
}
