/** The end of a row that is no multiple of four: nothing behind it may be written. */
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';

/** Stores the first `count` (1 to 4) of four float32. */
export function storeLanes(
  f: FunctionBuilder,
  address: Value<'i32'>,
  value: Value<'v128'>,
  count: number,
  offset = 0,
): void {
  if (count === 4) f.v128.store(address, value, offset);
  else if (count === 1) f.v128.store32_lane(address, value, 0, offset);
  else f.v128.store64_lane(address, value, 0, offset);
  if (count === 3) f.v128.store32_lane(address, value, 2, offset + 8);
}
