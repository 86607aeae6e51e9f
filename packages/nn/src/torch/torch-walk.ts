/** The way through a network, layer by layer, in the order in which its modules are named: each finds its entries and becomes arrays of ours. */
import { leaves } from '@dendrite/core';
import { DendriteError, type Json, type SavedArray, type Tree } from '@dendrite/spec';
import type { TorchEntries, Values } from './torch-entries.ts';
import { tiedOutput, torchParts } from './torch-parts.ts';
import { type Fields, placeOf, torchRules } from './torch-rules.ts';

/** The function that gives up the places of an image. */
const flattening = 'flatten';

export class TorchWalk {
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

  /** @throws OPTION, FORMAT  for what has no counterpart, is missing, or (if `strict`) left over */
  all(layer: Json, strict: boolean): void {
    this.#visit(layer, '');
    this.#finish(strict);
  }

  #visit(json: Json, path: string): void {
    const { function: called, name, config } = json as Fields;
    if (called !== undefined) {
      if (called === flattening) [this.#flattened, this.#channels] = [this.#channels, undefined];
      return;
    }
    const fields = (config ?? {}) as Fields;
    const parts = Object.hasOwn(torchParts, String(name)) ? torchParts[String(name)]?.(fields) : undefined;
    if (parts === undefined) {
      this.#leaf(String(name), fields, path);
      return;
    }
    const [channels, flattened] = [this.#channels, this.#flattened];
    for (const [part, child] of parts.parts) {
      if (parts.side) [this.#channels, this.#flattened] = [channels, flattened];
      // A part without a name of its own stands among the arrays of the whole.
      this.#visit(child, [path, part].filter((each) => each !== '').join('.'));
    }
  }

  #leaf(name: string, config: Fields, path: string): void {
    if (name === 'nn/dropout' || name.includes('-pool') || name === 'cnn/resize2d') return;
    const said = `layer '${path}' (${name})`;
    const rule = Object.hasOwn(torchRules, name) ? torchRules[name] : undefined;
    if (rule === undefined) {
      const known = [...Object.keys(torchParts), ...Object.keys(torchRules)].filter((each) => each !== tiedOutput);
      throw new DendriteError(
        'OPTION',
        `fromTorch(): layers must be among ${known.join(', ')}, got ${said}. Load its parts one by one, or write its arrays yourself.`,
      );
    }
    const own = name === tiedOutput ? (path === '' ? 'output' : `${path}.output`) : path;
    const module = this.#modules === undefined ? own : this.#modules[this.#next];
    if (module === undefined)
      throw new DendriteError(
        'OPTION',
        `fromTorch(): modules must name one for each layer with parameters, got ${this.#modules?.length}, none for ${said}. Those of the state dict are ${this.#entries.modules().slice(0, 10).map(quoted).join(', ')}.`,
      );
    this.#next++;
    const made = (each: string): Values | undefined =>
      this.made[['params', path, each].filter((part) => part !== '').join('.')];
    const place = placeOf(this.#entries, module, { config, said, flattened: this.#flattened, made });
    for (const [prefix, arrays] of [
      ['params', rule.params(place)],
      ['state', rule.state?.(place) ?? {}],
    ] as const)
      for (const [each, values] of Object.entries(arrays)) {
        const full = [prefix, path, each].filter((part) => part !== '').join('.');
        this.made[full] = float32(values);
        this.#origin.set(full, module);
      }
    if (name.startsWith('cnn/conv') || name === 'cnn/separable-conv2d') this.#channels = Number(config.filters);
    else if (name === 'cnn/depthwise-conv2d') this.#channels = (this.#channels ?? 0) * Number(config.multiplier);
    // Steps of a sequence stand in the same order in both.
    else if (name.startsWith('rnn-lstm/') || name.startsWith('attention/')) this.#channels = undefined;
    // A norm of flattened features leaves their order; behind a dense it is the dense's own.
    if (name === 'nn/dense') this.#flattened = undefined;
  }

  /** @throws OPTION, FORMAT  for modules or entries that were not needed */
  #finish(strict: boolean): void {
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

  /** The module that an array of ours was made of. */
  originOf(name: string): string | undefined {
    return this.#origin.get(name);
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
