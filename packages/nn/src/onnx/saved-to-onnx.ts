/** The network of a saved model as an ONNX model, between whatever its family does in front of it and behind it. */
import { createRuntime, leaves, nullBackend } from '@dendrite/core';
import { functionToOnnx, type OnnxOptions } from '@dendrite/core/onnx';
import { readPreprocessing } from '@dendrite/model';
import {
  DendriteError,
  type SavedArray,
  type SavedModel,
  type Shape,
  type Tensor,
  type Tree,
  type Variables,
} from '@dendrite/spec';
import { type AnyLayerLike, asLayer } from '../composition/bind-layer.ts';
import { predicted } from './layer-to-onnx.ts';

export interface SavedNetwork extends Omit<OnnxOptions, 'held'> {
  readonly saved: SavedModel;
  readonly layer: AnyLayerLike;
  /** Shape of one example, as the layer's `init` was given it. */
  readonly feature: Shape;
}

/**
 * Whoever calls it has judged the file: see `judgeSaved`.
 * @param f  what is exported: it gets the inputs and the network, which holds what the file holds
 * @throws FORMAT  for an array that is missing, too much or of another shape, and for examples of another; else as `functionToOnnx`
 */
export async function savedToOnnx(
  { saved, layer, feature, ...options }: SavedNetwork,
  f: (inputs: { readonly [name: string]: Tensor }, network: (x: Tree) => Tree) => Tree,
): Promise<Uint8Array<ArrayBuffer>> {
  const arrays = Object.entries(saved.arrays).filter(([name]) => /^(params|state)(\.|$)/.test(name));
  const held: Readonly<Record<string, SavedArray>> = Object.fromEntries(arrays);
  checkFeature(feature, saved);
  // Which tensors there are: on a device that keeps none.
  const shapes = await createRuntime({ backends: [nullBackend()], fallback: false });
  try {
    const variables = shapes.scope((): Variables => {
      const { params, state } = asLayer(layer).init(shapes.key(0), [1, ...feature]);
      return { params, state };
    });
    check('params', variables.params, held);
    check('state', variables.state, held);
    return await functionToOnnx(
      (inputs: { readonly [name: string]: Tensor }, given: { readonly [name: string]: Tensor }) =>
        f(inputs, (x) => predicted(layer, variables, x, given)),
      { ...options, held },
    );
  } finally {
    await shapes.dispose();
  }
}

/** What a family reads of its config must be what the file's examples are: the network was judged with those. */
function checkFeature(feature: Shape, { header }: SavedModel): void {
  const preprocessing = readPreprocessing(header.preprocessing, 'toOnnx()');
  if (preprocessing.kind === 'table' || String(preprocessing.shape) === String(feature)) return;
  throw new DendriteError(
    'FORMAT',
    `toOnnx(): one example must be of shape [${feature.join(', ')}], as the config says, got [${preprocessing.shape.join(', ')}]. The file is damaged.`,
  );
}

/** @throws FORMAT */
function check(prefix: string, tree: Tree, held: Readonly<Record<string, SavedArray>>): void {
  const tensors = leaves(tree);
  const known = new Set(tensors.map(({ path }) => (path === '' ? prefix : `${prefix}.${path}`)));
  const extra = Object.keys(held).find((name) => name.startsWith(`${prefix}.`) && !known.has(name));
  if (extra !== undefined)
    throw new DendriteError(
      'FORMAT',
      `toOnnx(): the file's arrays must be those of its network, got '${extra}', which it lacks. The file is damaged.`,
    );
  for (const { path, tensor } of tensors) {
    const name = path === '' ? prefix : `${prefix}.${path}`;
    const found = Object.hasOwn(held, name) ? held[name] : undefined;
    if (found === undefined || String(found.shape) !== String(tensor.shape))
      throw new DendriteError(
        'FORMAT',
        `toOnnx(): the file must have an array '${name}' of shape [${tensor.shape.join(', ')}], got ${found ? `[${found.shape.join(', ')}]` : 'none'}. Give the layer as it was trained.`,
      );
  }
}
