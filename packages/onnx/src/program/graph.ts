/** A graph as it grows: each node gives its output's name, each array is held once, and lengths of inputs are computed where asked. */
import type { DType, HostArray, Shape } from '@dendrite/spec';
import { dtypeCodes } from '../model/dtype-codes.ts';
import type { OnnxAttribute, OnnxDType, OnnxNode, OnnxTensor } from '../model/onnx-model.ts';
import { type Amount, amountKey, isFree, shapeKey, type Term } from './amount.ts';
import { differs } from './differs.ts';
import type { AmountShape } from './program.ts';

type Attributes = Readonly<Record<string, OnnxAttribute>>;
/** A length, and where it was found. */
interface Measured {
  readonly name: string;
  readonly axis: number;
  readonly values: readonly number[];
}

export class Graph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Record<string, OnnxTensor> = {};
  /** Which axis of which input has a length. */
  private readonly places: Readonly<Record<string, { readonly input: string; readonly axis: number }>>;
  /** The same of values that were computed, for lengths that only they tell. */
  private readonly measured = new Map<string, Measured>();
  private readonly known = new Map<string, string>();

  constructor(places: Readonly<Record<string, { readonly input: string; readonly axis: number }>>) {
    this.places = places;
  }

  /** A node with one output; equal nodes are one. */
  add(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.once(
      `${op}(${inputs.join()})${JSON.stringify(attributes)}`,
      () => this.several(op, inputs, 1, attributes)[0] ?? '',
    );
  }
  several(op: string, inputs: readonly string[], count: number, attributes: Attributes = {}): readonly string[] {
    const number = this.nodes.length;
    const outputs = Array.from({ length: count }, (_, i) => `${op.toLowerCase()}_${number}${i === 0 ? '' : `_${i}`}`);
    this.nodes.push({ op, inputs, outputs, ...(Object.keys(attributes).length > 0 && { attributes }) });
    return outputs;
  }

  /** An array under a name of its own. */
  hold(name: string, data: HostArray, shape: Shape, dtype: DType): string {
    this.initializers[name] ??= { shape, data, ...(dtype === 'bool' && { dtype }) };
    return name;
  }
  /** A number or several. */
  numbers(values: readonly number[], shape: Shape, dtype: DType | 'int64' = 'float32'): string {
    return this.once(`numbers ${dtype} [${shape}] ${values.map((x) => (Object.is(x, -0) ? '-0' : x)).join()}`, () => {
      const name = `${dtype === 'int64' ? 'lengths' : 'numbers'}_${Object.keys(this.initializers).length}`;
      this.initializers[name] =
        dtype === 'int64'
          ? { shape, data: BigInt64Array.from(values, BigInt) }
          : { shape, data: arrayOf(values, dtype), ...(dtype === 'bool' && { dtype }) };
      return name;
    });
  }
  cast(x: string, to: OnnxDType): string {
    return this.add('Cast', [x], { to: { int: dtypeCodes[to] } });
  }
  transposed(x: string, perm: readonly number[]): string {
    return perm.every((axis, i) => axis === i) ? x : this.add('Transpose', [x], { perm: { ints: perm } });
  }
  /** `0, 1, … count − 1`. */
  range(count: Amount, dtype: OnnxDType = 'int64'): string {
    const [zero, one] = [this.numbers([0], [], 'int64'), this.numbers([1], [], 'int64')];
    const made = this.add('Range', [zero, this.scalar(count, 'int64'), one]);
    return dtype === 'int64' ? made : this.cast(made, dtype);
  }

  /** Lengths as a vector of int64, for `Reshape` and its kin. */
  lengths(amounts: AmountShape): string {
    if (!amounts.some(isFree)) return this.numbers(amounts as readonly number[], [amounts.length], 'int64');
    const parts = amounts.map((amount) => this.single(amount));
    return parts.length === 1 ? (parts[0] as string) : this.add('Concat', parts, { axis: { int: 0 } });
  }
  /** An amount without axes. */
  scalar(amount: Amount, dtype: DType | 'int64'): string {
    if (!isFree(amount)) return this.numbers([amount], [], dtype);
    const { over, ...plain } = amount;
    const whole = this.add('Reshape', [this.single(plain), this.numbers([], [0], 'int64')]);
    const made = dtype === 'int64' ? whole : this.cast(whole, dtype);
    return over ? this.add('Div', [this.numbers([1], [], dtype), made]) : made;
  }
  /** `x` of one shape in another. */
  reshaped(x: string, from: AmountShape, to: AmountShape): string {
    if (shapeKey(from) === shapeKey(to)) return x;
    // A length of 0 is one, where else it would be a copy of the old.
    if (to.includes(0)) return this.add('Reshape', [x, this.lengths(to)], { allowzero: { int: 1 } });
    const copied = to.map(
      (length, i) => isFree(length) && i < from.length && shapeKey([length]) === shapeKey([from[i] ?? 0]),
    );
    const unknown = to.flatMap((length, i) => (isFree(length) && !copied[i] ? [i] : []));
    // One length is what is left of the elements: the only one, or one that no sum tells.
    const left = unknown.length === 1 ? unknown[0] : unknown.find((i) => !this.tells(to[i] ?? 0));
    const wanted = to.map((length, i) => (copied[i] ? 0 : i === left ? -1 : length));
    return this.add('Reshape', [x, this.lengths(wanted)]);
  }
  /** A value was computed: its lengths can be asked for. */
  measure(name: string, shape: AmountShape): void {
    for (const [axis, length] of shape.entries())
      if (isFree(length) && !this.measured.has(amountKey(length)))
        this.measured.set(amountKey(length), { name, axis, values: length.values });
  }

  /** An amount as a vector of one. @throws OPTION  where nothing has such a length */
  private single(amount: Amount): string {
    if (!isFree(amount)) return this.numbers([amount], [1], 'int64');
    const { terms, values } = amount;
    return this.once(`amount ${amountKey(amount)}`, () => {
      if (terms !== undefined)
        return terms.map((term) => this.product(term)).reduce((sum, each) => this.add('Add', [sum, each]));
      const found = this.measured.get(amountKey(amount));
      if (found !== undefined) return this.length(found.name, found.axis);
      return (
        this.factored(values) ?? differs(`a number is ${[...new Set(values)].join(', ')}`, Object.keys(this.places))
      );
    });
  }
  private product({ factor, of }: Term): string {
    const parts = of.map((name) => {
      const { input, axis } = this.places[name] as { readonly input: string; readonly axis: number };
      return this.length(input, axis);
    });
    if (factor !== 1 || parts.length === 0) parts.push(this.numbers([factor], [1], 'int64'));
    return parts.reduce((all, each) => this.add('Mul', [all, each]));
  }
  /** Whether a length can be computed already. */
  private tells(length: Amount): boolean {
    return !isFree(length) || length.terms !== undefined || this.measured.has(amountKey(length));
  }
  /** A number times the lengths of two axes. */
  private factored(values: readonly number[]): string | undefined {
    const known = [...this.measured.values()];
    for (const [i, a] of known.entries())
      for (const b of known.slice(i)) {
        const [factor = Number.NaN, ...others] = values.map(
          (value, at) => value / ((a.values[at] ?? 0) * (b.values[at] ?? 0)),
        );
        if (!Number.isInteger(factor) || others.some((each) => each !== factor)) continue;
        const both = this.add('Mul', [this.length(a.name, a.axis), this.length(b.name, b.axis)]);
        return factor === 1 ? both : this.add('Mul', [both, this.numbers([factor], [1], 'int64')]);
      }
    return undefined;
  }
  private length(name: string, axis: number): string {
    return this.add('Shape', [name], { start: { int: axis }, end: { int: axis + 1 } });
  }
  private once(key: string, make: () => string): string {
    const found = this.known.get(key) ?? make();
    this.known.set(key, found);
    return found;
  }
}

function arrayOf(values: readonly number[], dtype: DType): HostArray {
  if (dtype === 'float32') return Float32Array.from(values);
  if (dtype === 'float64') return Float64Array.from(values);
  return dtype === 'int32' ? Int32Array.from(values) : Uint8Array.from(values);
}
