/**
 * Constant borders with SIMD: each row of the result is written once, its border, what is inside, its border. Axes without a border
 * are one with the axis before them. A unit of work is a row.
 */
import type { Call, WasmKernel } from '@dendrite/spec';
import { type FunctionBuilder, f32, i32, i32x4, type Value } from '@dendrite/wasm-assembler';
import { eachPlace } from '../../wasm-kernels/each-place.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { integers, numbered } from '../../wasm-kernels/parameters.ts';
import { copyBytes } from '../../wasm-kernels/strided-copy.ts';
import { shapeOf } from '../strides.ts';

type Int = Value<'i32'>;

interface Axis {
  /** Of the result, and of the input that begins at `before`. */
  readonly length: number;
  readonly inside: number;
  readonly before: number;
}

function axesOf({ inputs: [x], outputs: [y], attributes }: Call): readonly Axis[] {
  const [inside, length] = [shapeOf(x), shapeOf(y)];
  const before = attributes.before as readonly number[];
  const axes: Axis[] = [];
  length.forEach((all, i) => {
    const axis = { length: all, inside: inside[i] ?? 0, before: before[i] ?? 0 };
    const outer = axes.at(-1);
    if (outer && axis.length === axis.inside)
      axes[axes.length - 1] = { length: outer.length * all, inside: outer.inside * all, before: outer.before * all };
    else axes.push(axis);
  });
  return axes.length === 0 ? [{ length: 1, inside: 1, before: 0 }] : axes;
}

const perAxis = ['length', 'inside', 'before', 'step'] as const;

export const padWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs: [x] }) => x?.dtype === 'float32' || x?.dtype === 'int32',
  specialize: (call) => ({ rank: axesOf(call).length - 1, dtype: call.inputs[0]?.dtype ?? 'float32' }),
  arguments(call) {
    const outer = axesOf(call).map((axis) => ({ ...axis }));
    const row = outer.pop() ?? { length: 1, inside: 1, before: 0 };
    // Bytes from one index of an outer axis to the next, in the input.
    let step = 4 * row.inside;
    const steps = outer.map(() => 0);
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= outer[axis]?.inside ?? 1;
    }
    const offset = outer.reduce((sum, { before }, axis) => sum - before * (steps[axis] ?? 0), 0);
    return [
      ...[4 * row.length, 4 * row.inside, 4 * row.before, offset],
      ...outer.flatMap(({ length, inside, before }, axis) => [length, inside, before, steps[axis] ?? 0]),
    ];
  },
  phases: [
    {
      entry: 'run',
      units: (call) =>
        axesOf(call)
          .slice(0, -1)
          .reduce((units, { length }) => units * length, 1),
      work: (call) => 8 * (axesOf(call).at(-1)?.length ?? 1),
    },
  ],
  emit({ rank, dtype }) {
    const m = kernelModule();
    const axes = Array.from({ length: Number(rank) }, (_, axis) => axis);
    const parameters = {
      ...integers(['begin', 'end', 'y', 'x', 'scratch', 'length', 'inside', 'before', 'offset']),
      ...integers(axes.flatMap((axis) => perAxis.map((name) => `${name}${axis}`))),
      value: 'f64',
    } as const;
    m.function('run', { parameters }, (f, p) => {
      const number = dtype === 'float32' ? i32.reinterpret_f32(f32.demote_f64(p.value)) : i32.trunc_sat_f64_s(p.value);
      const value = f.let(number);
      const four = f.let(i32x4.splat(value));
      const from = f.let(p.x.add(p.offset));
      const to = f.let(p.y.add(p.begin.mul(p.length)));
      const behind = f.let(p.before.add(p.inside));
      const [lengths, insides, befores, steps] = perAxis.map((name) => numbered(p, name, axes.length));
      const grid = (lengths ?? []).map((length, axis) => ({ length, steps: steps?.slice(axis, axis + 1) ?? [] }));
      eachPlace(f, p, grid, [from], (index) => {
        const border = (begin: Int, bytes: Int): void => fill(f, begin, bytes, four, value);
        const row = (): void => {
          border(to, p.before);
          copyBytes(f, f.let(to.add(p.before)), from, p.inside, 4);
          border(f.let(to.add(behind)), f.let(p.length.sub(behind)));
        };
        const inside = index.map((at, axis) => at.sub(befores?.[axis] ?? 0).lt_u(insides?.[axis] ?? 0));
        const all = inside.reduce<Int | undefined>((both, each) => (both ? both.and(each) : each), undefined);
        if (all) f.if(all, row, () => border(to, p.length));
        else row();
        to.set(to.add(p.length));
      });
    });
    return m.toBytes();
  },
};

function fill(f: FunctionBuilder, to: Int, bytes: Int, four: Value<'v128'>, value: Int): void {
  const whole = f.let(bytes.and(-16));
  f.loop(0, whole, 16, (at) => f.v128.store(to.add(at), four));
  f.loop(whole, bytes, 4, (at) => f.i32.store(to.add(at), value));
}
