/** The entries of a PyTorch state dict, taken one by one: each is used once, and what is missing or of another shape is told. */
import { DendriteError, type SavedArray, type Shape } from '@dendrite/spec';

export type Arrays = Readonly<Record<string, SavedArray>>;
/** Numbers in row-major order, on their way from a layout to another. */
export interface Values {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/** Counters that nothing here needs. */
const unneeded = /(^|\.)num_batches_tracked$/;

export class TorchEntries {
  readonly arrays: Arrays;
  readonly #used = new Set<string>();

  /**
   * @param prefix  in front of every name, `'model.'`; others are not looked at
   * @throws FORMAT  for an entry that is no array
   */
  constructor(given: Arrays, prefix: string) {
    this.arrays = Object.fromEntries(
      Object.entries(given).flatMap(([name, array]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [],
      ),
    );
    for (const [name, array] of Object.entries<Partial<SavedArray> | null | undefined>(this.arrays))
      if (!Array.isArray(array?.shape) || !ArrayBuffer.isView(array?.data))
        throw new DendriteError(
          'FORMAT',
          `fromTorch(): '${prefix}${name}' must be an array { dtype, shape, data }, got ${array === null ? 'null' : typeof array}. Give the arrays of readSafetensors(bytes).`,
        );
  }

  has(name: string): boolean {
    return Object.hasOwn(this.arrays, name);
  }

  /** @throws FORMAT  unless it is there with so many axes */
  take(name: string, axes: number, layer: string): Values {
    const found = this.has(name) ? this.arrays[name] : undefined;
    if (found === undefined)
      throw new DendriteError(
        'FORMAT',
        `fromTorch(): ${layer} must have '${name}' in the state dict, got none. ${this.#proposal(name)}`,
      );
    if (found.shape.length !== axes)
      throw new DendriteError(
        'FORMAT',
        `fromTorch(): '${name}' must have ${axes} axes for ${layer}, got [${found.shape.join(', ')}]. Name the modules in the order of the layers: modules: [${this.modules().slice(0, 6).map(quoted).join(', ')}].`,
      );
    this.#used.add(name);
    return found;
  }

  /** Names of modules that hold entries directly, in the order of the file. */
  modules(): readonly string[] {
    return [...new Set(Object.keys(this.arrays).map((name) => name.slice(0, Math.max(0, name.lastIndexOf('.')))))];
  }

  /** @throws FORMAT  if entries were not used, unless `strict` is false */
  finish(strict: boolean): void {
    const rest = Object.keys(this.arrays).filter((name) => !this.#used.has(name) && !unneeded.test(name));
    if (strict && rest.length > 0)
      throw new DendriteError(
        'FORMAT',
        `fromTorch(): every entry of the state dict must belong to a layer, got ${rest.length} that do not: ${rest.slice(0, 6).map(quoted).join(', ')}${rest.length > 6 ? ', …' : ''}. Add their layers, or leave them out with strict: false.`,
      );
  }

  /** What is likeliest meant: entries of the same last name that are not used yet. */
  #proposal(name: string): string {
    const last = name.slice(name.lastIndexOf('.') + 1);
    const fitting = Object.entries(this.arrays).filter(
      ([other]) => !this.#used.has(other) && other.slice(other.lastIndexOf('.') + 1) === last,
    );
    if (fitting.length === 0)
      return `There are ${Object.keys(this.arrays).slice(0, 8).map(quoted).join(', ') || 'none'}.`;
    const shown = fitting.slice(0, 6).map(([other, { shape }]) => `'${other}' [${shape.join(', ')}]`);
    return `Free are ${shown.join(', ')}: name the modules in the order of the layers, modules: [${fitting
      .slice(0, 6)
      .map(([other]) => quoted(other.slice(0, Math.max(0, other.lastIndexOf('.')))))
      .join(', ')}].`;
  }
}

const quoted = (name: string): string => `'${name}'`;

/** Axes in another order: axis i of the result is axis `order[i]`. */
export function permuted({ shape, data }: Values, order: readonly number[]): Values {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const lengths = order.map((axis) => shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 0);
  const out = new Float64Array(data.length);
  const index = lengths.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from] as number;
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      from += steps[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (lengths[axis] as number)) break;
      from -= (steps[axis] as number) * (lengths[axis] as number);
      index[axis] = 0;
    }
  }
  return { shape: lengths, data: out };
}

/** `[rows, columns]` → `[columns, rows]`: torch multiplies by the transposed weight. */
export const transposed = (values: Values): Values => permuted(values, [1, 0]);

/** Part `at` of `count` equal parts along the first axis. */
export function partOf({ shape, data }: Values, at: number, count: number): Values {
  const length = (shape[0] ?? 0) / count;
  const size = data.length / count;
  return { shape: [length, ...shape.slice(1)], data: Array.from(data).slice(at * size, (at + 1) * size) };
}

/** Features in the order `[channels, places]` → `[places, channels]`, along one axis. */
export function placesFirst({ shape, data }: Values, axis: number, channels: number): Values {
  const features = shape[axis] ?? 0;
  const outer = shape.slice(0, axis);
  const inner = shape.slice(axis + 1);
  const split = { shape: [...outer, channels, features / channels, ...inner], data };
  const order = split.shape.map((_, i) => (i === axis ? axis + 1 : i === axis + 1 ? axis : i));
  return { shape, data: permuted(split, order).data };
}

/** Element by element. */
export const added = (a: Values, b: Values): Values => ({
  shape: a.shape,
  data: Float64Array.from(a.data, (value, i) => value + (b.data[i] as number)),
});

/** `matrix · vector`, of a matrix whose further axes have length 1. */
export function times({ shape, data }: Values, vector: Values): Values {
  const rows = shape[0] ?? 0;
  const width = vector.data.length;
  const out = Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += (data[row * width + i] as number) * (vector.data[i] as number);
    return sum;
  });
  return { shape: [rows], data: out };
}
