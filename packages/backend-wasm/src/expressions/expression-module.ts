/**
 * Expressions as a module: one loop over vectors, all outputs in one pass. The last vector is computed whole (what lies behind
 * a tensor may be read) and stored in part, so an element's bits do not depend on where it stands. Long: its loops share what they load and store.
 */
import type { Binary, Call, DType, Expression, Unary, WasmTarget } from '@dendrite/spec';
import {
  type FunctionBuilder,
  f32,
  f32x4,
  i32,
  i32x4,
  type Local,
  type Operand,
  type Value,
  v128,
  type WasmModule,
  wasmModule,
} from '@dendrite/wasm-assembler';
import type { Vector } from '@dendrite/wasm-assembler/elementary';
import { bytesAt, maskAt, splatAt, storeAt, type Turn } from './lanes-in-memory.ts';
import { type Layout, layoutOf } from './layout.ts';
import {
  CannotLower,
  hostBinary,
  hostUnary,
  isLane,
  isStored,
  type Lane,
  type Lowering,
  lowerStored,
  type Stored,
} from './lower-node.ts';
import { workOf } from './work-of.ts';

export interface ExpressionModule {
  /** What is baked in. */
  readonly key: string;
  readonly phases: readonly { readonly entry: string; readonly units: number; readonly work?: number }[];
  readonly scratch: number;
  readonly numbers: readonly number[];
  /** @throws CannotLower  where a node has no instructions: the expression is left to the JavaScript loop */
  emit(): Uint8Array<ArrayBuffer>;
}

/** Elements of a unit where rows are not told apart. */
const unit = 1024;
/** A row is repeated in scratch until it has at least this many elements. */
const shortestPeriod = 256;
/** Vectors side by side where there is little to compute: then a loop's own steps are half of the work. */
const together = 4;

/** undefined: left to the JavaScript loop (a dtype, a way of broadcasting). */
export function expressionModule(
  expressions: readonly Expression[],
  call: Call,
  { relaxed }: WasmTarget,
): ExpressionModule | undefined {
  const layout = layoutOf(call);
  const dtypes = call.inputs.map(({ dtype }) => dtype);
  const outputs = call.outputs.map(({ dtype }) => dtype);
  // Bytes that are cast at once are read as whole numbers; other arithmetic on them wraps around, and is left to the loop.
  const fits = (dtype: DType, i: number): boolean =>
    isLane(dtype) || (dtype === 'uint8' && layout?.inputs[i] === 'dense');
  if (layout === undefined || !dtypes.every(fits) || !outputs.every(isStored)) return undefined;
  const period = layout.loop === 'periodic' ? periodOf(layout.inner) : 0;
  const { size, inner } = layout;
  const rows = layout.inputs.filter((kind) => kind === 'row').length;
  const length = layout.loop === 'rows' ? inner : period || unit;
  const work = workOf(expressions, dtypes, outputs);
  const run = { entry: 'run', units: Math.ceil(size / length), work: length * work };
  // As much as its operands' bytes.
  const isLittle = outputs.length === 1 && work === 4 * (dtypes.length + 1);
  const sideBySide = isLittle ? together : 1;
  const writer: Writer = { expressions, dtypes, outputs: outputs.filter(isStored), layout, relaxed, sideBySide };
  return {
    key: JSON.stringify([expressions, dtypes, outputs, layout.inputs, layout.loop, layout.outer.length]),
    phases: layout.loop === 'periodic' ? [{ entry: 'repeat', units: 1 }, run] : [run],
    scratch: rows * period * 4,
    numbers: layout.loop === 'rows' ? rowNumbers(layout) : layout.loop === 'periodic' ? [size, inner, period] : [size],
    emit() {
      // The first writing finds out which arguments and host functions there are. Where there are none, it is the module.
      const wanted = new Wanted();
      const first = write(writer, wanted);
      return (wanted.nothing ? first : write(writer, wanted)).toBytes();
    },
  };
}

/** A multiple of the row's length and of 4. */
function periodOf(inner: number): number {
  const whole = inner % 4 === 0 ? inner : inner % 2 === 0 ? 2 * inner : 4 * inner;
  return whole * Math.ceil(shortestPeriod / whole);
}

interface Writer {
  readonly expressions: readonly Expression[];
  readonly dtypes: readonly DType[];
  readonly outputs: readonly Stored[];
  readonly layout: Layout;
  readonly relaxed: boolean;
  readonly sideBySide: number;
}
/** What must be made before the loop. */
class Wanted {
  readonly arguments: Map<string, readonly [index: number, lane: Lane]> = new Map();
  readonly unary: Set<Unary> = new Set();
  readonly binary: Set<Binary> = new Set();

  get nothing(): boolean {
    return this.arguments.size + this.unary.size + this.binary.size === 0;
  }
}

type Parameters = { readonly [name: `p${number}`]: 'i32'; readonly [name: `a${number}`]: 'f64' };
type Int = Value<'i32'>;

/** Writes the module; adds to `wanted` what the loop asks for and is not made before it. */
function write({ expressions, dtypes, outputs, layout, relaxed, sideBySide }: Writer, wanted: Wanted): WasmModule {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  const host1 = new Map([...wanted.unary].map((name) => [name, importUnary(m, name)]));
  const host2 = new Map([...wanted.binary].map((name) => [name, importBinary(m, name)]));
  const count = Math.max(-1, ...[...wanted.arguments.values()].map(([index]) => index)) + 1;
  // Behind begin and end: the addresses, and the scratch's; then lengths.
  const scratchAt = 2 + outputs.length + dtypes.length;
  const lengths = { flat: 1, periodic: 3, rows: rowNumbers(layout).length }[layout.loop];
  const addresses = scratchAt + 1 + lengths;
  const parameters: Record<`p${number}`, 'i32'> & Record<`a${number}`, 'f64'> = {};
  for (let i = 0; i < addresses; i++) parameters[`p${i}`] = 'i32';
  for (let i = 0; i < count; i++) parameters[`a${i}`] = 'f64';
  const rowsOf = (scratch: Int, period: Int): ReadonlyMap<number, Int> => {
    const inputs = [...layout.inputs.keys()].filter((i) => layout.loop === 'periodic' && layout.inputs[i] === 'row');
    return new Map(inputs.map((input, i) => [input, scratch.add(period.mul(4 * i))]));
  };
  if (layout.loop === 'periodic')
    m.function<Parameters>('repeat', { parameters }, (f, locals) => {
      const p = (i: number): Local<'i32'> => locals[`p${i}`] as Local<'i32'>;
      const [inner, period] = [p(scratchAt + 2), p(scratchAt + 3)];
      for (const [i, at] of rowsOf(p(scratchAt), period))
        repeatRow(f, f.let(at), p(2 + outputs.length + i), dtypes[i] as Lane, inner, period);
    });
  m.function<Parameters>('run', { parameters }, (f, locals) => {
    const p = (i: number): Local<'i32'> => locals[`p${i}`] as Local<'i32'>;
    const output = (i: number): Int => p(2 + i);
    const input = (i: number): Int => p(2 + outputs.length + i);
    /** Elements of a row, or of the whole output; and of a repeated row. */
    const number = p(scratchAt + 1);
    const period = p(scratchAt + 3);
    const given = new Map<string, Vector>();
    for (const [key, [index, lane]] of wanted.arguments) {
      const value = locals[`a${index}`] as Local<'f64'>;
      const splat = lane === 'float32' ? f32x4.splat(f32.demote_f64(value)) : i32x4.splat(i32.trunc_sat_f64_s(value));
      given.set(key, f.let(lane === 'bool' ? i32x4.ne(splat, i32x4.splat(0)) : splat));
    }
    const scalars = new Map<number, Vector>();
    layout.inputs.forEach((kind, i) => {
      if (kind === 'scalar') scalars.set(i, f.let(splatAt(input(i), dtypes[i] as Lane)));
    });
    const rowsAt = new Map<number, Int>();
    if (layout.loop === 'periodic') for (const [i, at] of rowsOf(p(scratchAt), period)) rowsAt.set(i, f.let(at));

    /**
     * One vector: `place(i)` is the element of input `i`, `to` the element of the outputs, `skip` more vectors on; `left` elements are
     * stored, or all.
     */
    const vector = (
      { skip, left }: Turn,
      place: (i: number) => Int,
      to: Int,
      columns: ReadonlyMap<number, Vector>,
    ): void => {
      const words = 16 * skip;
      const site: Lowering = {
        ...{ f, relaxed, dtypes },
        known: new Map(),
        input: (i) => {
          const lane = dtypes[i] as Lane;
          const ready = scalars.get(i) ?? columns.get(i);
          if (ready) return ready;
          const row = rowsAt.get(i);
          // Rows in scratch hold bools as masks.
          if (row) return f.let(v128.load(row.add(place(i).shl(2)), words));
          if (dtypes[i] === 'uint8') return f.let(bytesAt(input(i).add(place(i)), 4 * skip));
          const at = input(i).add(lane === 'bool' ? place(i) : place(i).shl(2));
          return f.let(lane === 'bool' ? maskAt(at, 4 * skip) : v128.load(at, words));
        },
        argument: (index, lane) => {
          const key = `${index} ${lane}`;
          wanted.arguments.set(key, [index, lane]);
          return given.get(key) ?? i32x4.splat(0);
        },
        host1: (name) => {
          wanted.unary.add(name);
          return host1.get(name) ?? importUnary(wasmModule(), name);
        },
        host2: (name) => {
          wanted.binary.add(name);
          return host2.get(name) ?? importBinary(wasmModule(), name);
        },
      };
      // All are computed before any is stored: an output may lie where an input lies.
      const computed = expressions.map((e, j) => {
        const dtype = outputs[j] as Stored;
        return { dtype, value: f.let(lowerStored(site, e, dtype)) };
      });
      computed.forEach(({ dtype, value }, j) => {
        storeAt(f, output(j), to, { dtype, value, skip, left });
      });
    };

    const [begin, end] = [p(0), p(1)];
    if (layout.loop === 'rows')
      f.loop(begin, end, (row) => {
        const columns = new Map<number, Vector>();
        const starts = rowStarts(f, layout, row, (i) => p(scratchAt + 2 + i));
        for (const [i, start] of starts) {
          const lane = dtypes[i] as Lane;
          if (layout.inputs[i] === 'column')
            columns.set(i, f.let(splatAt(input(i).add(lane === 'bool' ? start : start.shl(2)), lane)));
        }
        const start = f.let(row.mul(number));
        const element = (j: Int) => (i: number) => (starts.get(i) ?? start).add(j);
        run(f, number, sideBySide, (j, turn) => vector(turn, element(j), f.let(start.add(j)), columns));
      });
    else if (layout.loop === 'periodic')
      f.loop(begin, end, (turn) => {
        const start = f.let(turn.mul(period));
        const length = f.let(minimum(f, number.sub(start), period));
        const element = (j: Int) => (i: number) => (layout.inputs[i] === 'row' ? j : start.add(j));
        run(f, length, sideBySide, (j, turn) => vector(turn, element(j), f.let(start.add(j)), new Map()));
      });
    else {
      const start = f.let(begin.mul(unit));
      const length = f.let(minimum(f, number, end.mul(unit)).sub(start));
      run(f, length, sideBySide, (j, turn) => {
        const at = f.let(start.add(j));
        vector(turn, () => at, at, new Map());
      });
    }
  });
  return m;
}

/** The inputs whose rows do not lie as the output's. */
const stretched = ({ inputs }: Layout): readonly number[] =>
  [...inputs.keys()].filter((i) => inputs[i] === 'row' || inputs[i] === 'column');
/** Elements of a row; then, of each axis around the rows, its length and the steps of the inputs that are stretched. */
const rowNumbers = (layout: Layout): readonly number[] => [
  layout.inner,
  ...layout.outer.flatMap(({ length, steps }) => [length, ...stretched(layout).map((i) => steps[i] ?? 0)]),
];
/** Where the row of each of them begins, in elements; `given` are the numbers above but the first. */
function rowStarts(f: FunctionBuilder, layout: Layout, row: Int, given: (i: number) => Int): ReadonlyMap<number, Int> {
  const starts = new Map(stretched(layout).map((i) => [i, f.local('i32')]));
  const left = f.let(row);
  let at = 0;
  for (const a of layout.outer.keys()) {
    const length = given(at++);
    const last = a === layout.outer.length - 1;
    const index = last ? left : f.let(left.rem_u(length));
    for (const start of starts.values()) start.set(start.add(index.mul(given(at++))));
    if (!last) left.set(left.div_u(length));
  }
  return starts;
}

/** Whole vectors of `length` elements, some side by side, then single ones, then the rest. */
function run(f: FunctionBuilder, length: Int, sideBySide: number, body: (j: Int, turn: Turn) => void): void {
  const whole = f.let(length.and(-4));
  const wide = sideBySide === 1 ? 0 : f.let(length.and(-4 * sideBySide));
  if (wide !== 0)
    f.loop(0, wide, 4 * sideBySide, (j) => {
      for (let skip = 0; skip < sideBySide; skip++) body(j, { skip });
    });
  f.loop(wide, whole, 4, (j) => body(j, { skip: 0 }));
  const left = f.let(length.sub(whole));
  f.if(left.gt_s(0), () => body(whole, { skip: 0, left }));
}

function minimum(f: FunctionBuilder, x: Operand<'i32'>, y: Operand<'i32'>): Int {
  const least = f.local('i32', x);
  const other = f.local('i32', y);
  f.if(other.lt_s(least), () => least.set(other));
  return least;
}

/** Writes a row over and over, one element of four bytes at a time; a bool becomes a mask. */
function repeatRow(f: FunctionBuilder, to: Int, from: Int, lane: Lane, inner: Int, period: Int): void {
  const start = f.local('i32');
  f.while(
    () => start.lt_s(period),
    () => {
      f.loop(0, inner, (j) => {
        const value = lane === 'bool' ? i32.sub(0, i32.load8_u(from.add(j))) : i32.load(from.add(j.shl(2)));
        f.i32.store(to.add(start.add(j).shl(2)), value);
      });
      start.set(start.add(inner));
    },
  );
}

const importUnary = (m: WasmModule, name: Unary): ReturnType<Lowering['host1']> => {
  if (!hostUnary.has(name)) throw new CannotLower();
  return m.importFunction('math', name, { parameters: { x: 'f64' }, result: 'f64' });
};
const importBinary = (m: WasmModule, name: Binary): ReturnType<Lowering['host2']> => {
  if (!hostBinary.has(name)) throw new CannotLower();
  return m.importFunction('math', name, { parameters: { x: 'f64', y: 'f64' }, result: 'f64' });
};
