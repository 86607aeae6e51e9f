/** A layer with its parameters as an ONNX model: whatever its `apply` does, a function of your own in `network()` too. */
import { mapTree } from '@dendrite/core';
import { functionToOnnx, type LengthRange, type OnnxInput } from '@dendrite/core/onnx';
import type { Key, LayerLike, Tensor, Tree, Variables } from '@dendrite/spec';
import { type AnyLayerLike, asLayer } from '../composition/bind-layer.ts';
import { netArrays } from '../net-model/fitted-net.ts';

export interface LayerToOnnxOptions {
  /** Of a layer of one tensor its shape, which is input `x`; of a layer of named tensors the shape of each. */
  readonly inputs: OnnxInput | { readonly [name: string]: OnnxInput };
  /** The most that free lengths may be, or also the least, and what they are multiples of: see `functionToOnnx`. */
  readonly lengths?: { readonly [name: string]: LengthRange };
  /** Texts that the file carries. */
  readonly metadata?: { readonly [name: string]: string };
}

/**
 * The bytes of an `.onnx` file that predicts as the layer does (not training: dropout is nothing, norms use what they learned).
 * Output `y`, or one for each tensor that it gives, named by its path. Lengths with names are free: `['batch', 'tokens', 8]`.
 * @param layer      any layer or function
 * @param variables  its parameters and state
 * @param options.inputs, options.lengths, options.metadata
 * @throws as `functionToOnnx`
 * @example
 * import { relu, zeros } from '@dendrite/core';
 * import { dense, network } from '@dendrite/nn';
 * import { layerToOnnx } from '@dendrite/nn/onnx';
 * const net = network({ stem: dense(4), head: dense(2) }, ({ stem, head }, x) => head(relu(stem(x))));
 * const variables = net.init(zeros([1]).runtime.key(1), [1, 3]);
 * const bytes = await layerToOnnx(net, variables, { inputs: { shape: ['batch', 3] } });
 * bytes[0]; // 8
 */
export async function layerToOnnx(
  layer: LayerLike<never, Tree>,
  { params, state }: Variables,
  { inputs, ...options }: LayerToOnnxOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const single = isOne(inputs);
  return functionToOnnx(
    (given: Readonly<Record<string, Tensor>>, held: Readonly<Record<string, Tensor>>) =>
      predicted(layer, { params, state }, single ? (given.x as Tensor) : given, held),
    { inputs: single ? { x: inputs } : inputs, held: await netArrays(params, state), ...options },
  );
}

/** What a layer gives in prediction, with the arrays of a file in place of its own tensors. */
export function predicted(
  layer: AnyLayerLike,
  { params, state }: Variables,
  x: Tree,
  held: Readonly<Record<string, Tensor>>,
): Tree {
  const [key] = Object.values(held).map(({ runtime }): Key => runtime.key(0));
  const from = (prefix: string, tree: Tree): Tree =>
    mapTree(tree, (_, path) => held[path === '' ? prefix : `${prefix}.${path}`] as Tensor) as Tree;
  const variables = { params: from('params', params), state: from('state', state) };
  return asLayer(layer).apply(variables, x, { training: false, key: key ?? keyOf(x) })[0];
}

/** A layer without parameters has its runtime from what it is given. */
const keyOf = (x: Tree): Key => {
  const [first] = Object.values(x) as readonly Tensor[];
  return ('runtime' in x ? (x as Tensor) : (first as Tensor)).runtime.key(0);
};
const isOne = (inputs: LayerToOnnxOptions['inputs']): inputs is OnnxInput => Array.isArray(inputs.shape);
