/**
 * A tensor copied by strides, `y[i] = x[offset + Σ indexₐ · stepₐ]`: what transpose, slice, reverse and broadcast do. Neighbouring
 * axes that are walked as one become one. Then what is left decides: runs are copied whole, a stretched element is repeated, a
 * matrix is turned in blocks of 4 × 4, and anything else goes element by element. Lengths and steps are arguments; a kernel is
 * emitted for a number of axes, a form and a width of elements.
 */
import type { Call, DType, KernelConstants, WasmKernel } from '@dendrite/spec';
import {
  type FunctionBuilder,
  i8x16,
  i32,
  i32x4,
  i64,
  i64x2,
  type Local,
  select,
  type Value,
  v128,
} from '@dendrite/wasm-assembler';
import { shapeOf, stridesOf } from '../ops/strides.ts';
import { eachPlace } from './each-place.ts';
import { kernelModule } from './kernel-module.ts';
import { integers, numbered } from './parameters.ts';
import { transposeMatrix } from './transpose-matrix.ts';

type Int = Value<'i32'>;

/** How an op copies: for each axis of the result, how far apart in the input its neighbours are, in elements. */
export interface StridedCopy {
  readonly steps: readonly number[];
  readonly offset: number;
}

interface Axis {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}
type Form = 'run' | 'repeat' | 'turn' | 'apart';
interface Walk {
  readonly form: Form;
  /** Around the copies that are made at once. */
  readonly outer: readonly Axis[];
  readonly inner: Axis;
  /** The axis that lies side by side in the input, where a matrix is turned; its blocks are the last of the outer ones. */
  readonly turned: Axis | undefined;
}

/** Bytes of a run that are copied without a call. */
const shortRun = 512;
/** Rows of the result that are turned at once: so many of its cache lines are open. */
const turnedRows = 8;
export const elementBytes: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 };
const widthOf = ({ inputs: [x] }: Call): number => elementBytes[x?.dtype ?? 'float32'];

function walkOf(call: Call, { steps }: StridedCopy): Walk {
  const shape = shapeOf(call.outputs[0]);
  const to = stridesOf(shape);
  const axes: Axis[] = [];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const next = { length, from: steps[axis] ?? 0, to: to[axis] ?? 0 };
    const before = axes.at(-1);
    if (before?.from === length * next.from) axes[axes.length - 1] = { ...next, length: before.length * length };
    else axes.push(next);
  });
  const inner = axes.pop() ?? { length: 1, from: 1, to: 1 };
  const turned = inner.from === 1 || widthOf(call) !== 4 ? undefined : axes.find(({ from }) => from === 1);
  if (turned && inner.from > 1 && inner.length >= 4 && turned.length >= 4) {
    const { length } = turned;
    const blocks = { length: Math.ceil(length / turnedRows), from: turnedRows, to: turnedRows * turned.to };
    return { form: 'turn', outer: [...axes.filter((axis) => axis !== turned), blocks], inner, turned };
  }
  const form = inner.from === 1 ? 'run' : inner.from === 0 ? 'repeat' : 'apart';
  return { form, outer: axes, inner, turned: undefined };
}

/** The kernel of an op that copies so. */
export const stridedCopyKernel = (copyOf: (call: Call) => StridedCopy): WasmKernel => ({
  language: 'wasm',
  specialize(call): KernelConstants {
    const { form, outer } = walkOf(call, copyOf(call));
    return { form, rank: outer.length, width: widthOf(call) };
  },
  arguments(call) {
    const copy = copyOf(call);
    const { outer, inner, turned } = walkOf(call, copy);
    const bytes = (elements: number): number => elements * widthOf(call);
    return [
      ...[bytes(copy.offset), inner.length, bytes(inner.from), turned?.length ?? 0, bytes(turned?.to ?? 0)],
      ...outer.flatMap(({ length, from, to }) => [length, bytes(from), bytes(to)]),
    ];
  },
  phases: [
    {
      entry: 'run',
      units: (call) => walkOf(call, copyOf(call)).outer.reduce((units, { length }) => units * length, 1),
      work(call) {
        const { form, inner } = walkOf(call, copyOf(call));
        return 2 * widthOf(call) * inner.length * (form === 'turn' ? turnedRows : 1);
      },
    },
  ],
  emit({ form, rank, width }) {
    const m = kernelModule();
    const axes = Array.from({ length: Number(rank) }, (_, axis) => axis);
    const parameters = {
      ...integers(['begin', 'end', 'y', 'x', 'scratch', 'offset', 'inner', 'step', 'rows', 'row']),
      ...integers(axes.flatMap((axis) => [`length${axis}`, `from${axis}`, `to${axis}`])),
    };
    m.function('run', { parameters }, (f, p) => {
      const [from, to] = [f.let(p.x.add(p.offset)), f.let(p.y)];
      const of = (name: string) => numbered(p, name, axes.length);
      const [froms, tos] = [of('from'), of('to')];
      const grid = of('length').map((length, a) => ({ length, steps: [froms[a] ?? p.step, tos[a] ?? p.step] }));
      const bytes = f.let(p.inner.mul(Number(width)));
      eachPlace(f, p, grid, [from, to], (index) => {
        if (form === 'run') copyBytes(f, to, from, bytes, Number(width));
        else if (form === 'repeat') repeat(f, to, from, bytes, Number(width));
        else if (form === 'apart') copyApart(f, { to, from, bytes, step: p.step, width: Number(width) });
        else {
          const done = index.at(-1) ?? p.rows;
          const left = f.let(p.rows.sub(done.mul(turnedRows)));
          const columns = f.let(select(left.lt_s(turnedRows), left, f.local('i32', turnedRows)));
          transposeMatrix(f, { to, from, rows: p.inner, columns, toStep: p.row, fromStep: p.step });
        }
      });
    });
    return m.toBytes();
  },
});

/** Copies a run of elements that are `width` bytes wide; the two must not overlap. */
export function copyBytes(f: FunctionBuilder, to: Int, from: Int, bytes: Int, width: number): void {
  const vectors = (at: Int, count: number): void => {
    const [source, target] = [f.let(from.add(at)), f.let(to.add(at))];
    for (let v = 0; v < count; v++) f.v128.store(target, v128.load(source, 16 * v), 16 * v);
  };
  // The rest is copied as the last vectors, some of it twice.
  const some = (count: number): void => {
    const last = f.let(bytes.sub(16 * count));
    f.loop(0, last, 16 * count, (at) => vectors(at, count));
    vectors(last, count);
  };
  const elements = (): void => f.loop(0, bytes, width, (at) => copyElement(f, to.add(at), from.add(at), width));
  const short = (): void =>
    f.if(
      bytes.ge_u(32),
      () => some(2),
      () => f.if(bytes.ge_u(16), () => some(1), elements),
    );
  f.if(bytes.gt_u(shortRun), () => f.memory.copy(to, from, bytes), short);
}

function copyElement(f: FunctionBuilder, to: Int, from: Int, width: number): void {
  if (width === 8) f.i64.store(to, i64.load(from));
  else if (width === 4) f.i32.store(to, i32.load(from));
  else f.i32.store8(to, i32.load8_u(from));
}

/** One element over a whole run. */
function repeat(f: FunctionBuilder, to: Int, from: Int, bytes: Int, width: number): void {
  const four =
    width === 8
      ? i64x2.splat(i64.load(from))
      : width === 4
        ? i32x4.splat(i32.load(from))
        : i8x16.splat(i32.load8_u(from));
  const value = f.let(four);
  const whole = f.let(bytes.and(-16));
  f.loop(0, whole, 16, (at) => f.v128.store(to.add(at), value));
  f.loop(whole, bytes, width, (at) => copyElement(f, to.add(at), from, width));
}

interface Apart {
  readonly to: Int;
  readonly from: Int;
  readonly bytes: Int;
  /** Bytes from one element of the input to the next. */
  readonly step: Local<'i32'>;
  readonly width: number;
}
function copyApart(f: FunctionBuilder, { to, from, bytes, step, width }: Apart): void {
  const place = f.let(from);
  f.loop(0, bytes, width, (at) => {
    copyElement(f, to.add(at), place, width);
    place.set(place.add(step));
  });
}
