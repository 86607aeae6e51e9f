/**
 * Where the largest or smallest element is, with SIMD. Along the last axis a row is read twice, for what the best is and for where
 * it is first; along another one sixteen columns go side by side. A unit of work is a row, or sixteen columns.
 */
import type { Call, WasmKernel } from '@dendrite/spec';
import { type FunctionBuilder, f32, f32x4, i32x4, type Local, type Value, v128 } from '@dendrite/wasm-assembler';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { integers } from '../../wasm-kernels/parameters.ts';
import { aroundAxis, shapeOf } from '../strides.ts';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

/** Columns of a unit. */
const columns = 16;
const around = ({ inputs: [x], attributes }: Call) => {
  const [outer, length, inner] = aroundAxis(shapeOf(x), Number(attributes.axis));
  return { outer, length, inner, groups: Math.ceil(inner / columns) };
};
const names = ['begin', 'end', 'y', 'x', 'scratch', 'length', 'inner', 'groups'] as const;

interface Better {
  readonly worst: number;
  /** The better of two; a NaN in the second is passed over. */
  of(best: Vector, value: Vector): Vector;
  than(value: Vector, best: Vector): Vector;
  single(best: Value<'f32'>, value: Value<'f32'>): Int;
}
const betters: Readonly<Record<string, Better>> = {
  max: {
    worst: Number.NEGATIVE_INFINITY,
    of: (best, value) => f32x4.pmax(best, value),
    than: (value, best) => f32x4.le(value, best),
    single: (best, value) => f32.gt(value, best),
  },
  min: {
    worst: Number.POSITIVE_INFINITY,
    of: (best, value) => f32x4.pmin(best, value),
    than: (value, best) => f32x4.ge(value, best),
    single: (best, value) => f32.lt(value, best),
  },
};

export const argReduceWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: ({ inputs: [x] }) => x?.dtype === 'float32',
  specialize: (call) => ({ kind: String(call.attributes.kind), rows: around(call).inner === 1 }),
  arguments(call) {
    const { length, inner, groups } = around(call);
    return [length, inner, groups];
  },
  phases: [
    {
      entry: 'run',
      units: (call) => around(call).outer * around(call).groups,
      work: (call) => 4 * around(call).length * Math.min(columns, around(call).inner),
    },
  ],
  emit({ kind, rows }) {
    const m = kernelModule();
    const better = betters[String(kind)] as Better;
    m.function('run', { parameters: integers(names) }, (f, p) => {
      f.loop(p.begin, p.end, (unit) => {
        if (rows === true) {
          const from = f.let(p.x.add(unit.mul(p.length).shl(2)));
          f.i32.store(p.y.add(unit.shl(2)), bestOfRow(f, better, from, p.length));
          return;
        }
        const block = f.let(unit.div_u(p.groups));
        const first = f.let(unit.sub(block.mul(p.groups)).mul(columns));
        const from = f.let(p.x.add(block.mul(p.length).mul(p.inner).add(first).shl(2)));
        const to = f.let(p.y.add(block.mul(p.inner).add(first).shl(2)));
        const left = f.let(p.inner.sub(first));
        const walk = { from, length: p.length, step: f.let(p.inner.shl(2)) };
        f.if(
          left.ge_s(columns),
          () => {
            for (const [v, at] of bestOfColumns(f, better, walk, columns / 4).entries()) f.v128.store(to, at, 16 * v);
          },
          () =>
            f.loop(0, left, 4, (c) => {
              const [at] = bestOfColumns(f, better, { ...walk, from: f.let(from.add(c.shl(2))) }, 1);
              const place = f.let(to.add(c.shl(2)));
              const count = f.let(left.sub(c));
              if (at) for (const i of [0, 1, 2, 3]) f.if(count.gt_s(i), () => f.v128.store32_lane(place, at, i, 4 * i));
            }),
        );
      });
    });
    return m.toBytes();
  },
};

/** The first of the best elements of a row, or its first NaN. */
function bestOfRow(f: FunctionBuilder, better: Better, from: Int, length: Int): Int {
  const found = f.local('i32');
  const lowest = (): Local<'v128'> => f.let(f32x4.splat(better.worst));
  const bests = [lowest(), lowest(), lowest(), lowest()] as const;
  const strange = f.let(i32x4.splat(0));
  const take = (best: Local<'v128'>, at: Int, offset: number): void => {
    const value = f.let(v128.load(at, offset));
    best.set(better.of(best, value));
    strange.set(v128.or(strange, f32x4.ne(value, value)));
  };
  const many = f.let(from.add(length.and(-16).shl(2)));
  const whole = f.let(from.add(length.and(-4).shl(2)));
  const end = f.let(from.add(length.shl(2)));
  f.loop(from, many, 64, (at) => {
    for (const [v, best] of bests.entries()) take(best, at, 16 * v);
  });
  f.loop(many, whole, 16, (at) => take(bests[0], at, 0));
  const [a, b, c, d] = bests;
  const four = f.let(better.of(better.of(a, b), better.of(c, d)));
  const best = f.let(f32x4.extract_lane(four, 0));
  const odd = f.let(v128.any_true(strange));
  for (const i of [1, 2, 3]) {
    const lane = f.let(f32x4.extract_lane(four, i));
    f.if(better.single(best, lane), () => best.set(lane));
  }
  f.loop(whole, end, 4, (at) => {
    const value = f.let(f32.load(at));
    f.if(better.single(best, value), () => best.set(value));
    odd.set(odd.or(f32.ne(value, value)));
  });
  const all = f.let(f32x4.splat(best));
  const search = (isIt: (value: Vector) => Vector): void =>
    f.block((done) => {
      f.loop(from, whole, 16, (at) => {
        const hits = f.let(i32x4.bitmask(isIt(f.let(v128.load(at)))));
        f.if(hits, () => {
          found.set(at.sub(from).shr_u(2).add(hits.ctz()));
          f.branch(done);
        });
      });
      // Behind the whole vectors: its lanes that are no elements are no first ones either.
      found.set(
        whole
          .sub(from)
          .shr_u(2)
          .add(i32x4.bitmask(isIt(f.let(v128.load(whole)))).ctz()),
      );
    });
  f.if(
    odd,
    () => search((value) => f32x4.ne(value, value)),
    () => search((value) => f32x4.eq(value, all)),
  );
  return found;
}

interface Columns {
  readonly from: Int;
  readonly length: Int;
  /** Bytes from one row to the next. */
  readonly step: Int;
}
/** Where the best is in each of `4 · vectors` columns. */
function bestOfColumns(
  f: FunctionBuilder,
  better: Better,
  { from, length, step }: Columns,
  vectors: number,
): readonly Local<'v128'>[] {
  const place = f.let(from);
  const all = Array.from({ length: vectors }, (_, v) => ({
    best: f.let(v128.load(place, 16 * v)),
    at: f.let(i32x4.splat(0)),
  }));
  f.loop(1, length, (k) => {
    place.set(place.add(step));
    const row = f.let(i32x4.splat(k));
    for (const [v, { best, at }] of all.entries()) {
      const value = f.let(v128.load(place, 16 * v));
      // A NaN wins, and is not beaten any more.
      const wins = f.let(v128.andnot(f32x4.eq(best, best), better.than(value, best)));
      best.set(v128.bitselect(value, best, wins));
      at.set(v128.bitselect(row, at, wins));
    }
  });
  return all.map(({ at }) => at);
}
