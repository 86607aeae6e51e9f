/** Channels four at a time, and what is left over. */
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';

/** `c`: bytes before the vector; `count`: channels in it that exist. */
export function eachFour(f: FunctionBuilder, channels: number, body: (c: Value<'i32'>, count: number) => void): void {
  const whole = channels - (channels % 4);
  if (whole > 0) f.loop(0, 4 * whole, 16, (c) => body(c, 4));
  if (whole < channels) body(f.local('i32', 4 * whole), channels - whole);
}
