/**
 * A reduction over the first axes for any width: 16 columns at a time, then four, and what is left of a vector. Each column is one
 * chain a block, as where the width is baked in.
 */
import type { KernelConstants, WasmVariant } from '@dendrite/spec';
import { f32, f32x4, type Local, type Value, v128, wasmModule } from '@dendrite/wasm-assembler';
import { joiningOf, joinTree } from './join-tree.ts';
import { block, blocksOf, reductionOf } from './reduction.ts';

type Int = Value<'i32'>;

const parameters = {
  begin: 'i32',
  end: 'i32',
  y: 'i32',
  x: 'i32',
  scratch: 'i32',
  joined: 'i32',
  blocks: 'i32',
  width: 'i32',
} as const;

export const anyWidth: WasmVariant = {
  specialize: ({ attributes }) => ({ kind: String(attributes.kind) }),
  arguments(call) {
    const { joined, results } = reductionOf(call);
    return [joined, blocksOf(joined), results];
  },
  scratch(call) {
    const { joined, results } = reductionOf(call);
    return 4 * blocksOf(joined) * results;
  },
  phases: [
    {
      entry: 'run',
      units: (call) => blocksOf(reductionOf(call).joined),
      work(call) {
        const { joined, results } = reductionOf(call);
        return 4 * Math.min(block, joined) * results;
      },
    },
    { entry: 'join', units: () => 1 },
  ],
  emit,
};

function emit(constants: KernelConstants): Uint8Array<ArrayBuffer> {
  const { identity, vectors, floats } = joiningOf(constants);
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  m.function('run', { parameters }, (f, { begin, end, x, scratch, joined, width }) => {
    const step = f.let(width.shl(2));
    f.loop(begin, end, (unit) => {
      const rows = f.let(joined.sub(unit.mul(block)));
      f.if(rows.gt_s(block), () => rows.set(block));
      const from = f.let(x.add(unit.mul(block).mul(step)));
      const to = f.let(scratch.add(unit.mul(step)));
      const totalsAt = (at: Int, count: number): readonly Local<'v128'>[] => {
        const totals = Array.from({ length: count }, () => f.let(f32x4.splat(identity)));
        const row = f.let(from.add(at));
        f.loop(0, rows, () => {
          for (const [v, total] of totals.entries()) total.set(vectors(total, f.let(v128.load(row, 16 * v))));
          row.set(row.add(step));
        });
        return totals;
      };
      const columns = (at: Int, count: number): void => {
        for (const [v, total] of totalsAt(at, count).entries()) f.v128.store(to.add(at), total, 16 * v);
      };
      const wide = f.let(step.and(-64));
      f.loop(0, wide, 64, (at) => columns(at, 4));
      const whole = f.let(step.and(-16));
      f.loop(wide, whole, 16, (at) => columns(at, 1));
      f.if(whole.lt_s(step), () => {
        const [total] = totalsAt(whole, 1);
        const left = f.let(width.and(3));
        for (const lane of [0, 1, 2])
          if (total) f.if(left.gt_s(lane), () => f.v128.store32_lane(to.add(whole), total, lane, 4 * lane));
      });
    });
  });
  m.function('join', { parameters }, (f, { y, scratch, blocks, width }) => {
    const step = f.let(width.shl(2));
    joinTree(f, blocks, (a, b, to) => {
      const at = (i: Int): Int => f.let(scratch.add(i.mul(step)));
      const [left, right, target] = [at(a), at(b), at(to)];
      f.loop(0, step, 4, (column) => {
        const one = f32.load(left.add(column));
        f.f32.store(target.add(column), b === a ? one : floats(one, f32.load(right.add(column))));
      });
    });
    f.memory.copy(y, scratch, step);
  });
  return m.toBytes();
}
