/**
 * A reduction of whole rows for any width: 16 columns at a time, then four, and what is left of a vector. Each column is one chain a
 * block, as where the width is baked in.
 */
import type { KernelConstants, WasmVariant } from '@dendrite/spec';
import { f32x4, type Local, type Value, v128 } from '@dendrite/wasm-assembler';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { joiningOf } from './join-tree.ts';
import { blocksOf, reductionOf } from './reduction.ts';
import { joinRows, rowArguments, rowBlock, rowParameters, rowScratch, rowWork } from './row-blocks.ts';

type Int = Value<'i32'>;

export const anyWidth: WasmVariant = {
  specialize: ({ attributes }) => ({ kind: String(attributes.kind) }),
  arguments: rowArguments,
  scratch: rowScratch,
  phases: [
    {
      entry: 'run',
      units(call) {
        const { outer, joined } = reductionOf(call);
        return outer * blocksOf(joined);
      },
      work: rowWork,
    },
    { entry: 'join', units: (call) => reductionOf(call).outer },
  ],
  emit,
};

function emit(constants: KernelConstants): Uint8Array<ArrayBuffer> {
  const { identity, vectors } = joiningOf(constants);
  const m = kernelModule();
  m.function('run', { parameters: rowParameters }, (f, p) => {
    const step = f.let(p.width.shl(2));
    f.loop(p.begin, p.end, (unit) => {
      const { from, rows, to } = rowBlock(f, unit, p);
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
        const left = f.let(p.width.and(3));
        for (const lane of [0, 1, 2])
          if (total) f.if(left.gt_s(lane), () => f.v128.store32_lane(to.add(whole), total, lane, 4 * lane));
      });
    });
  });
  joinRows(m, rowParameters, constants);
  return m.toBytes();
}
