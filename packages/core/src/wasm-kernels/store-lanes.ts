/** Parts of a vector: the end of a row that is no multiple of four, or lanes whose places lie apart. */
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';

/** Stores `count` (1 to 4) of four float32, those from lane `from` on; nothing beside them is written. */
export function storeLanes(
  f: FunctionBuilder,
  address: Value<'i32'>,
  value: Value<'v128'>,
  count: number,
  offset = 0,
  from = 0,
): void {
  if (count === 4) f.v128.store(address, value, offset);
  else
    for (let lane = from; lane < from + count; ) {
      const to = offset + 4 * (lane - from);
      const pair = lane % 2 === 0 && lane + 2 <= from + count;
      if (pair) f.v128.store64_lane(address, value, lane / 2, to);
      else f.v128.store32_lane(address, value, lane, to);
      lane += pair ? 2 : 1;
    }
}
