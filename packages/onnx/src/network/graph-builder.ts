/** A graph as it grows: each node gives its output's name, each array is held once. */
import { DendriteError, type SavedArray, type Shape } from '@dendrite/spec';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from '../model/onnx-model.ts';

/** A value of the graph. The shape is without the batch, whose length is free. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
}
type Attributes = Readonly<Record<string, OnnxAttribute>>;

export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Record<string, OnnxTensor> = {};
  readonly #arrays: Readonly<Record<string, SavedArray>>;

  /** @param arrays  of a saved network, `params.0.weight` */
  constructor(arrays: Readonly<Record<string, SavedArray>>) {
    this.#arrays = arrays;
  }

  /** A node with one output. */
  add(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.several(op, inputs, 1, attributes)[0] ?? '';
  }
  /** A node with several outputs. */
  several(op: string, inputs: readonly string[], count: number, attributes: Attributes = {}): readonly string[] {
    const number = this.nodes.length;
    const outputs = Array.from({ length: count }, (_, i) => `${op.toLowerCase()}_${number}${i === 0 ? '' : `_${i}`}`);
    this.nodes.push({ op, inputs, outputs, ...(Object.keys(attributes).length > 0 && { attributes }) });
    return outputs;
  }

  /** Numbers that the graph holds. */
  numbers(values: Iterable<number> | number, shape: Shape = []): string {
    const data = Float32Array.from(typeof values === 'number' ? [values] : values);
    return this.#hold('number', { shape, data });
  }
  /** Lengths, for `Reshape` and its kin. */
  lengths(values: readonly number[]): string {
    return this.#hold('lengths', { shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  /** An array of the network. @throws FORMAT  where the file lacks it */
  array(name: string): SavedArray {
    const found = Object.hasOwn(this.#arrays, name) ? this.#arrays[name] : undefined;
    if (found === undefined)
      throw new DendriteError(
        'FORMAT',
        `networkToOnnx(): the network must have an array '${name}', got none. Give the arrays that belong to this layer.`,
      );
    return found;
  }
  has(name: string): boolean {
    return Object.hasOwn(this.#arrays, name);
  }
  /** An array of the network as it is, under its own name. */
  held(name: string): string {
    const { shape, data } = this.array(name);
    this.initializers[name] = { shape, data: Float32Array.from(data) };
    return name;
  }
  /** An array of the network in another layout or form. */
  changed(name: string, change: (array: SavedArray) => { readonly shape: Shape; readonly data: Float32Array }): string {
    const made = change(this.array(name));
    const own = `${name}.${Object.keys(this.initializers).length}`;
    this.initializers[own] = made;
    return own;
  }

  #hold(kind: string, tensor: OnnxTensor): string {
    const name = `${kind}_${Object.keys(this.initializers).length}`;
    this.initializers[name] = tensor;
    return name;
  }
}

/** Axes in another order: axis i of the result is axis `order[i]`. */
export function permuted(
  { shape, data }: SavedArray,
  order: readonly number[],
): { readonly shape: Shape; readonly data: Float32Array } {
  const lengths = order.map((axis) => shape[axis] ?? 1);
  const strides = order.map((axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    let rest = i;
    let from = 0;
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      const length = lengths[axis] as number;
      from += (rest % length) * (strides[axis] as number);
      rest = Math.floor(rest / length);
    }
    out[i] = data[from] as number;
  }
  return { shape: lengths, data: out };
}

export const product = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
