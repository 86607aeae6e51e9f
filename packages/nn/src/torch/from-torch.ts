/**
 * Parameters of PyTorch in layers of ours. A state dict names modules and holds arrays in torch's layouts; here each is found by its
 * module's name, turned into ours, and compared with what the layer would have made itself.
 */
import { leaves } from '@dendrite/core';
import {
  DendriteError,
  type Json,
  type Layer,
  type Runtime,
  type SavedArray,
  type Shape,
  type Tree,
} from '@dendrite/spec';
import { asLayer } from '../composition/bind-layer.ts';
import { layerJson } from '../composition/layer-json.ts';
import type { NetLayer } from '../net-model/net-options.ts';
import { runtimeOf } from '../net-model/net-plan.ts';
import { free, treeFrom } from '../net-model/parts.ts';
import { type Arrays, TorchEntries, type Values } from './torch-entries.ts';
import { type Fields, placeOf, torchRules } from './torch-rules.ts';

export interface FromTorchOptions {
  /**
   * Shape of the layer's input, batch axis included: images `[1, height, width, channels]`, sequences `[1, time, channels]`; where the
   * input has parts, `{ x: [1, 5, 6], memory: [1, 4, 6] }`.
   */
  readonly input: Shape | { readonly [part: string]: Shape };
  /**
   * The module of each layer that has parameters, in the order of the layers: `['conv1', 'conv2', 'fc']`. Default: the layers' own
   * places, `'0'`, `'2'`, which are those of a `torch.nn.Sequential` of the same parts.
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
 * biases added, `in_proj` of attention cut in three, running statistics as state.
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
  { input, modules, prefix = '', strict = true, runtime: given }: FromTorchOptions,
): { readonly params: Tree; readonly state: Tree } {
  const runtime = runtimeOf(given);
  const entries = new TorchEntries(arrays, prefix);
  const walk = new Walk(entries, modules, isShape(input) && input.length > 3 ? input.at(-1) : undefined);
  walk.visit(layerJson(layer), '');
  walk.finish(strict);
  const whole: Layer<Tree, Tree, never, Tree> = asLayer(layer) as never;
  const template = runtime.scope(() => {
    const { params, state } = whole.init(runtime.key(0), input as never);
    return { params, state };
  });
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

/** Functions and layers that leave the channels of an image where they are. */
const flattening = 'flatten';

class Walk {
  /** By path, as in a file of ours. */
  readonly made: Record<string, SavedArray> = {};
  readonly #entries: TorchEntries;
  readonly #modules: readonly string[] | undefined;
  /** From an array of ours to the module it was made of. */
  readonly #origin = new Map<string, string>();
  #next = 0;
  /** Channels of what flows here, while it has places; what a flattening made of them. */
  #channels: number | undefined;
  #flattened: number | undefined;

  constructor(entries: TorchEntries, modules: readonly string[] | undefined, channels: number | undefined) {
    this.#entries = entries;
    this.#modules = modules;
    this.#channels = channels;
  }

  visit(json: Json, path: string): void {
    const { function: called, name, config } = json as Fields;
    if (called !== undefined) {
      if (called === flattening) [this.#flattened, this.#channels] = [this.#channels, undefined];
      return;
    }
    const fields = (config ?? {}) as Fields;
    const below = (each: string | number): string => (path === '' ? String(each) : `${path}.${each}`);
    if (name === 'nn/sequential')
      for (const [i, child] of (fields.layers as readonly Json[]).entries()) this.visit(child, below(i));
    else if (name === 'nn/parallel') this.#side(Object.entries(fields.layers as readonly Json[]), below);
    else if (name === 'nn/network') this.#side(Object.entries(fields.layers as Fields), below);
    else if (name === 'nn/residual') this.visit(fields.inner ?? null, below('inner'));
    else this.#leaf(String(name), fields, path);
  }

  /** Children that all see what comes in. */
  #side(children: readonly (readonly [name: string, json: Json])[], below: (name: string) => string): void {
    const [channels, flattened] = [this.#channels, this.#flattened];
    for (const [name, child] of children) {
      [this.#channels, this.#flattened] = [channels, flattened];
      this.visit(child, below(name));
    }
  }

  #leaf(name: string, config: Fields, path: string): void {
    if (name === 'nn/dropout' || name.includes('-pool') || name === 'cnn/resize2d') return;
    const said = `layer '${path}' (${name})`;
    const rule = Object.hasOwn(torchRules, name) ? torchRules[name] : undefined;
    if (rule === undefined)
      throw new DendriteError(
        'OPTION',
        `fromTorch(): layers must be among ${Object.keys(torchRules).join(', ')}, got ${said}. Load its parts one by one, or write its arrays yourself.`,
      );
    const module = this.#modules === undefined ? path : this.#modules[this.#next];
    if (module === undefined)
      throw new DendriteError(
        'OPTION',
        `fromTorch(): modules must name one for each layer with parameters, got ${this.#modules?.length}, none for ${said}. Those of the state dict are ${this.#entries.modules().slice(0, 10).map(quoted).join(', ')}.`,
      );
    this.#next++;
    const place = placeOf(this.#entries, module, { config, said, flattened: this.#flattened });
    for (const [prefix, made] of [
      ['params', rule.params(place)],
      ['state', rule.state?.(place) ?? {}],
    ] as const)
      for (const [each, values] of Object.entries(made)) {
        const full = [prefix, path, each].filter((part) => part !== '').join('.');
        this.made[full] = float32(values);
        this.#origin.set(full, module);
      }
    if (name.startsWith('cnn/conv')) this.#channels = Number(config.filters);
    else if (name === 'cnn/depthwise-conv2d') this.#channels = (this.#channels ?? 0) * Number(config.multiplier);
    // Steps of a sequence stand in the same order in both.
    else if (name.startsWith('rnn-lstm/') || name.startsWith('attention/')) this.#channels = undefined;
    // A norm of flattened features leaves their order; behind a dense it is the dense's own.
    if (name === 'nn/dense') this.#flattened = undefined;
  }

  /** @throws OPTION, FORMAT  for modules or entries that were not needed */
  finish(strict: boolean): void {
    const modules = this.#modules ?? [];
    if (this.#modules && this.#next < modules.length)
      throw new DendriteError(
        'OPTION',
        `fromTorch(): modules must name one for each of the ${this.#next} layers with parameters, got ${modules.length}. Leave out ${modules
          .slice(this.#next, this.#next + 6)
          .map(quoted)
          .join(', ')}.`,
      );
    this.#entries.finish(strict);
  }

  /** @throws FORMAT  where an array has not the shape that the layer would have made */
  check(prefix: string, wanted: Tree): void {
    for (const { path, tensor } of leaves(wanted)) {
      const name = path === '' ? prefix : `${prefix}.${path}`;
      const found = this.made[name];
      if (found !== undefined && String(found.shape) === String(tensor.shape)) continue;
      throw new DendriteError(
        'FORMAT',
        `fromTorch(): ${name} must be [${tensor.shape.join(', ')}], got ${found ? `[${found.shape.join(', ')}] from module '${this.#origin.get(name)}', in our layout` : 'none'}. Give the layer the options of the torch model, and input its shape.`,
      );
    }
  }
}

const float32 = ({ shape, data }: Values): SavedArray => ({ dtype: 'float32', shape, data: Float32Array.from(data) });
const quoted = (name: string): string => `'${name}'`;
const isShape = (input: FromTorchOptions['input']): input is Shape => Array.isArray(input);
