/**
 * Parameters of PyTorch in layers of ours. A state dict names modules and holds arrays in torch's layouts; here each is found by its
 * module's name, turned into ours, and compared with what the layer would have made itself.
 */
import { defaultRuntime } from '@dendrite/core';
import type { Layer, Runtime, Shape, Tree } from '@dendrite/spec';
import { asLayer } from '../composition/bind-layer.ts';
import { layerJson } from '../composition/layer-json.ts';
import type { NetLayer } from '../net-model/net-options.ts';
import { free } from '../net-model/parts.ts';
import { treeFrom } from '../net-model/tree-from.ts';
import { type Arrays, TorchEntries } from './torch-entries.ts';
import { TorchWalk } from './torch-walk.ts';

export interface FromTorchOptions {
  /**
   * Shape of the layer's input, batch axis included: images `[1, height, width, channels]`, sequences `[1, time, channels]`; where the
   * input has parts, `{ x: [1, 5, 6], memory: [1, 4, 6] }`.
   */
  readonly input: Shape | { readonly [part: string]: Shape };
  /**
   * The module of each layer that has parameters, in the order of the layers: `['conv1', 'conv2', 'fc']`. Default: the layers' own
   * places, `'0'`, `'2'`, which are those of a `torch.nn.Sequential` of the same parts. Of `tied` the embedding, the layers in it, and
   * the module of the logits; of `attentionPooling` that of the projection and that of the question.
   */
  readonly modules?: readonly string[];
  /** What stands in front of every name, `'model.'`; entries without it are not looked at. Default `''`. */
  readonly prefix?: string;
  /** Whether entries that no layer takes are an error. Default true. */
  readonly strict?: boolean;
  /** Default: the one `init()` made, else the CPU. */
  readonly runtime?: Runtime;
}

/**
 * The parameters and the state of a layer from a PyTorch state dict, its arrays in our layouts: weights of Linear transposed, filters
 * `OIHW → HWIO`, a Linear after a flattened image with its features in our order (`CHW → HWC`), recurrent weights transposed and the two
 * biases added, `in_proj` of attention cut in three, running statistics as state. A separable convolution is two convolutions,
 * `depthwise` and `pointwise` or `0` and `1` of its module; weights that `tied` shares may stand there once or, equal, twice.
 * In Python: `safetensors.torch.save_file(model.state_dict(), 'model.safetensors')`.
 * @param layer   what `sequential`, `residual`, `parallel`, `network` and the layers make, in the order of the torch model
 * @param arrays  of `readSafetensors(bytes)`
 * @throws FORMAT  for an entry that is missing, left over or of another shape; the message names it and what would fit
 * @throws OPTION  for a layer that has no counterpart in PyTorch
 * @example
 * import { dense, sequential } from '@dendrite/nn';
 * import { fromTorch } from '@dendrite/nn/torch';
 * import { relu, tensor } from '@dendrite/core';
 * const float32 = (shape: readonly number[], values: readonly number[]) => ({ dtype: 'float32', shape, data: Float32Array.from(values) }) as const;
 * const net = sequential(dense(1), relu);
 * const stateDict = { 'fc.weight': float32([1, 2], [3, 4]), 'fc.bias': float32([1], [0.5]) };
 * const variables = fromTorch(net, stateDict, { input: [1, 2], modules: ['fc'] });
 * const x = tensor([[1, 10]]);
 * const [y] = net.apply(variables as never, x, { training: false, key: x.runtime.key(0) });
 * await y.data(); // [43.5]
 */
export function fromTorch(
  layer: NetLayer,
  arrays: Arrays,
  { input, modules, prefix = '', strict = true, runtime = defaultRuntime() }: FromTorchOptions,
): { readonly params: Tree; readonly state: Tree } {
  const entries = new TorchEntries(arrays, prefix);
  const walk = new TorchWalk(entries, modules, isShape(input) && input.length > 3 ? input.at(-1) : undefined);
  walk.all(layerJson(layer), strict);
  const whole: Layer<Tree, Tree, never, Tree> = asLayer(layer) as never;
  const template = runtime.trace(() =>
    runtime.scope(() => {
      const { params, state } = whole.init(runtime.key(0), input as never);
      return { params, state };
    }),
  );
  try {
    walk.check('params', template.params);
    walk.check('state', template.state);
  } catch (error) {
    free(template.params, template.state);
    throw error;
  }
  const params = treeFrom('params', template.params, walk.made, runtime, 'fromTorch()');
  return { params, state: treeFrom('state', template.state, walk.made, runtime, 'fromTorch()') };
}

const isShape = (input: FromTorchOptions['input']): input is Shape => Array.isArray(input);
