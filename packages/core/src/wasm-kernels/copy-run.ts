/** Copies of short runs of memory: a call of `memory.copy` costs as much as some hundred bytes. */
import { type FunctionBuilder, i32, type Value, v128 } from '@dendrite/wasm-assembler';

/** Bytes up to which vectors are written out. */
const short = 512;

/** `to[…] = from[…]` for a known number of bytes, a multiple of 4; the two must not overlap. */
export function copyRun(f: FunctionBuilder, toAt: Value<'i32'>, fromAt: Value<'i32'>, bytes: number): void {
  if (bytes > short) {
    f.memory.copy(toAt, fromAt, bytes);
    return;
  }
  const [to, from] = [f.let(toAt), f.let(fromAt)];
  const vector = (at: number): void => f.v128.store(to, v128.load(from, at), at);
  for (let at = 0; at + 16 <= bytes; at += 16) vector(at);
  // The rest is copied as the last sixteen bytes, some of them twice.
  if (bytes >= 16 && bytes % 16 > 0) vector(bytes - 16);
  if (bytes < 16) for (let at = 0; at < bytes; at += 4) f.i32.store(to, i32.load(from, at), at);
}
