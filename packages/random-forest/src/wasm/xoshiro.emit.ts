/** The words of stream/stream.ts, made in WebAssembly: a generator whose state stays in four registers. */
import { type FunctionBuilder, f64, i32, type Local, type Value } from '@dendrite/wasm-assembler';

/** Gives a function that draws a whole number from 0 to n − 1, from the seed at `address`. */
export function xoshiro(f: FunctionBuilder, address: Value<'i32'>, offset: number): (n: Value<'i32'>) => Value<'i32'> {
  const a = f.let(i32.load(address, offset));
  const b = f.let(i32.load(address, offset + 4));
  const c = f.let(i32.load(address, offset + 8));
  const d = f.let(i32.load(address, offset + 12).or(1));
  return (n) => {
    const drawn: Local<'i32'> = f.let(b.mul(5).rotl(7).mul(9));
    const shifted = f.let(b.shl(9));
    c.set(c.xor(a));
    d.set(d.xor(b));
    b.set(b.xor(c));
    a.set(a.xor(d));
    c.set(c.xor(shifted));
    d.set(d.rotl(11));
    return i32.trunc_f64_u(
      f64
        .convert_i32_u(drawn)
        .mul(f64.convert_i32_u(n))
        .mul(2 ** -32),
    );
  };
}
