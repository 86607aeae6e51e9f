/**
 * Sum, maximum and minimum over neighbouring axes, with SIMD. Blocks of 4,096 and then a binary tree, by length alone: where whole rows
 * are joined each column is one chain a block; over the last axes a block is 16 chains side by side.
 */
import type { KernelConstants, WasmKernel } from '@dendrite/spec';
import { f32, f32x4, type Local, type Value, v128 } from '@dendrite/wasm-assembler';
import { isFloat32 } from '../../wasm-kernels/is-float32.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { storeLanes } from '../../wasm-kernels/store-lanes.ts';
import { anyWidth } from './any-width.ts';
import { joiningOf, joinTree } from './join-tree.ts';
import { block, blocksOf, reductionOf } from './reduction.ts';
import { joinRows, rowArguments, rowBlock, rowParameters, rowScratch, rowWork } from './row-blocks.ts';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

/** Columns that are taken at a time. */
const widest = 32;

export const reduceWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: (call) => isFloat32(call) && call.attributes.kind !== 'prod' && reductionOf(call).form !== 'apart',
  generic: (call) => (reductionOf(call).form === 'rows' ? anyWidth : undefined),
  specialize(call) {
    const { form, width } = reductionOf(call);
    return { kind: String(call.attributes.kind), form, width: form === 'rows' ? width : 0 };
  },
  arguments: rowArguments,
  scratch: (call) => (reductionOf(call).form === 'rows' ? rowScratch(call) : 0),
  threadScratch(call) {
    const { form, joined } = reductionOf(call);
    return form === 'rows' ? 0 : 4 * blocksOf(joined) + 16;
  },
  phases: [
    {
      entry: 'run',
      units(call) {
        const { form, outer, joined } = reductionOf(call);
        return form === 'rows' ? outer * blocksOf(joined) : outer;
      },
      work: (call) => (reductionOf(call).form === 'rows' ? rowWork(call) : 4 * reductionOf(call).joined),
    },
    { entry: 'join', units: (call) => reductionOf(call).outer },
  ],
  emit: (constants) => (constants.form === 'rows' ? overRows(constants) : overLast(constants)),
};

const { begin, end, y, x, scratch, ...lengths } = rowParameters;
const parameters = { begin, end, y, x, scratch, own: 'i32', ...lengths } as const;

/** `[outer, joined, width]` → `[outer, width]`. */
function overRows(constants: KernelConstants): Uint8Array<ArrayBuffer> {
  const width = Number(constants.width);
  const { identity, vectors } = joiningOf(constants);
  const m = kernelModule();
  m.function('run', { parameters }, (f, p) => {
    f.loop(p.begin, p.end, (unit) => {
      const { from, rows, to } = rowBlock(f, unit, p);
      const columns = (at: Int, count: number): void => {
        const starts = Array.from({ length: Math.ceil(count / 4) }, (_, v) => 4 * v);
        const totals = starts.map(() => f.let(f32x4.splat(identity)));
        const row = f.let(from.add(at));
        f.loop(0, rows, () => {
          starts.forEach((start, v) => {
            const total = totals[v] as Local<'v128'>;
            total.set(vectors(total, f.let(v128.load(row, 4 * start))));
          });
          row.set(row.add(4 * width));
        });
        starts.forEach((start, v) => {
          storeLanes(f, f.let(to.add(at)), totals[v] as Vector, Math.min(4, count - start), 4 * start);
        });
      };
      const whole = width - (width % widest);
      if (whole > 0) f.loop(0, 4 * whole, 4 * widest, (at) => columns(at, widest));
      if (whole < width) columns(f.local('i32', 4 * whole), width - whole);
    });
  });
  joinRows(m, parameters, constants);
  return m.toBytes();
}

/** `[results, joined]` → `[results]`. A unit is a result; the thread's own scratch holds its blocks. */
function overLast(constants: KernelConstants): Uint8Array<ArrayBuffer> {
  const { identity, vectors, floats } = joiningOf(constants);
  const m = kernelModule();
  const oneBlock = m.function(
    'block',
    { parameters: { from: 'i32', count: 'i32' }, result: 'f32', exported: false },
    (f, { from, count }) => {
      const start = (): Local<'v128'> => f.let(f32x4.splat(identity));
      const totals = [start(), start(), start(), start()] as const;
      const whole = f.let(from.add(count.and(-16).shl(2)));
      const end = f.let(from.add(count.shl(2)));
      f.loop(from, whole, 64, (at) => {
        totals.forEach((total, v) => {
          total.set(vectors(total, f.let(v128.load(at, 16 * v))));
        });
      });
      const [a, b, c, d] = totals;
      const [left, right] = [f.let(vectors(a, b)), f.let(vectors(c, d))];
      const four = f.let(vectors(left, right));
      const lane = (i: number): Value<'f32'> => f32x4.extract_lane(four, i);
      const total = f.let(floats(floats(lane(0), lane(1)), floats(lane(2), lane(3))));
      f.loop(whole, end, 4, (at) => total.set(floats(total, f32.load(at))));
      return total;
    },
  );
  m.function('run', { parameters }, (f, { begin, end, y, x, own, joined, blocks }) => {
    f.loop(begin, end, (unit) => {
      const from = f.let(x.add(unit.mul(joined).shl(2)));
      const to = y.add(unit.shl(2));
      const single = blocks.eq(1);
      f.if(
        single,
        () => f.f32.store(to, oneBlock({ from, count: joined })),
        () => {
          f.loop(0, blocks, (i) => {
            const count = f.let(joined.sub(i.mul(block)));
            f.if(count.gt_s(block), () => count.set(block));
            f.f32.store(own.add(i.shl(2)), oneBlock({ from: from.add(i.mul(4 * block)), count }));
          });
          joinTree(f, blocks, (a, b, target) => {
            const one = f32.load(own.add(a.shl(2)));
            f.f32.store(own.add(target.shl(2)), b === a ? one : floats(one, f32.load(own.add(b.shl(2)))));
          });
          f.f32.store(to, f32.load(own));
        },
      );
    });
  });
  m.function('join', { parameters }, () => {});
  return m.toBytes();
}
