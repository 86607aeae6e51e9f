/** A walk over a grid in row-major order from any place on, so that a range of it can be a unit of work. */
import type { FunctionBuilder, Local, Operand, Value } from '@dendrite/wasm-assembler';

type Int = Value<'i32'>;

export interface GridAxis {
  readonly length: Int;
  /** What each offset grows by from one index to the next. */
  readonly steps: readonly Int[];
}

/**
 * Calls `body` for the places `begin` to `end` of the grid, with the index along each axis; `offsets`, one for each of an axis'
 * steps, hold their starts at the first place and are moved along.
 */
export function eachPlace(
  f: FunctionBuilder,
  { begin, end }: { readonly begin: Operand<'i32'>; readonly end: Operand<'i32'> },
  axes: readonly GridAxis[],
  offsets: readonly Local<'i32'>[],
  body: (index: readonly Int[]) => void,
): void {
  const left = f.local('i32', begin);
  const walked = axes.toReversed().map(({ length, steps }) => {
    const index = f.let(left.rem_u(length));
    left.set(left.div_u(length));
    const moved = offsets.map((offset, i) => ({ offset, step: steps[i] ?? index }));
    for (const { offset, step } of moved) offset.set(offset.add(index.mul(step)));
    return { length, index, moved };
  });
  const index = walked.map((axis) => axis.index).toReversed();
  f.loop(begin, end, () => {
    body(index);
    f.block((next) => {
      for (const { length, index, moved } of walked) {
        index.set(index.add(1));
        for (const { offset, step } of moved) offset.set(offset.add(step));
        f.branchIf(next, index.lt_u(length));
        for (const { offset, step } of moved) offset.set(offset.sub(index.mul(step)));
        index.set(0);
      }
    });
  });
}
