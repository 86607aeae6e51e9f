/**
 * What the two kernels that join whole rows have in common, `[outer, joined, width]` → `[outer, width]`. A unit of work is a block of
 * rows; where there is more than one, their results go to scratch and are joined there.
 */
import type { Call, KernelConstants } from '@dendrite/spec';
import { type FunctionBuilder, f32, type Local, select, type Value, type WasmModule } from '@dendrite/wasm-assembler';
import { integers } from '../../wasm-kernels/parameters.ts';
import { joiningOf, joinTree } from './join-tree.ts';
import { block, blocksOf, reductionOf } from './reduction.ts';

type Int = Value<'i32'>;

export const rowArguments = (call: Call): readonly number[] => {
  const { joined, width } = reductionOf(call);
  return [joined, blocksOf(joined), width];
};
const names = ['begin', 'end', 'y', 'x', 'scratch', 'joined', 'blocks', 'width'] as const;
type Name = (typeof names)[number];
export const rowParameters: { readonly [K in Name]: 'i32' } = /*#__PURE__*/ integers(names);
type Parameters = { readonly [K in Name]: Local<'i32'> };

export function rowScratch(call: Call): number {
  const { outer, joined, width } = reductionOf(call);
  const blocks = blocksOf(joined);
  return blocks > 1 ? 4 * outer * blocks * width : 0;
}
export function rowWork(call: Call): number {
  const { joined, width } = reductionOf(call);
  return 4 * Math.min(block, joined) * width;
}

/** Where block `unit` begins, how many rows it has, and where its result goes. */
export function rowBlock(
  f: FunctionBuilder,
  unit: Int,
  { y, x, scratch, joined, blocks, width }: Parameters,
): { readonly from: Int; readonly rows: Int; readonly to: Int } {
  const step = f.let(width.shl(2));
  const outer = f.let(unit.div_u(blocks));
  const first = f.let(unit.sub(outer.mul(blocks)).mul(block));
  const rows = f.let(joined.sub(first));
  f.if(rows.gt_s(block), () => rows.set(block));
  const from = f.let(x.add(outer.mul(joined).add(first).mul(step)));
  return { from, rows, to: f.let(select(blocks.eq(1), y, scratch).add(unit.mul(step))) };
}

/** Writes the phase that joins the blocks of each result. */
export function joinRows(m: WasmModule, parameters: typeof rowParameters, constants: KernelConstants): void {
  const { floats } = joiningOf(constants);
  m.function('join', { parameters }, (f, { begin, end, y, scratch, blocks, width }) => {
    const step = f.let(width.shl(2));
    f.if(blocks.gt_s(1), () =>
      f.loop(begin, end, (outer) => {
        const parts = f.let(scratch.add(outer.mul(blocks).mul(step)));
        joinTree(f, blocks, (a, b, to) => {
          const at = (i: Int): Int => f.let(parts.add(i.mul(step)));
          const [left, right, target] = [at(a), at(b), at(to)];
          f.loop(0, step, 4, (column) => {
            const one = f32.load(left.add(column));
            f.f32.store(target.add(column), b === a ? one : floats(one, f32.load(right.add(column))));
          });
        });
        f.memory.copy(y.add(outer.mul(step)), parts, step);
      }),
    );
  });
}
