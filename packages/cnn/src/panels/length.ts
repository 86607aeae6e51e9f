/** Lengths that a kernel bakes in, or takes as arguments where one module serves images of any size. */
import type { KernelConstants } from '@dendrite/spec';
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';

export type Length = Value<'i32'> | number;

export function times(a: number, b: number): number;
export function times(a: Length, b: Length): Length;
export function times(a: Length, b: Length): Length {
  if (typeof a === 'number') return typeof b === 'number' ? a * b : times(b, a);
  return b === 0 || b === 1 ? b && a : a.mul(b);
}
export function plus(a: Length, b: Length): Length {
  if (typeof a !== 'number') return a.add(b);
  return typeof b === 'number' ? a + b : b.add(a);
}
/** In a register, unless it is a number. */
export const held = <L extends Length>(f: FunctionBuilder, length: L): L | Value<'i32'> =>
  typeof length === 'number' ? length : f.let(length);

/** What lies so many bytes behind an address: an address, and what instructions add to it. */
export const behind = (f: FunctionBuilder, base: Value<'i32'>, bytes: Length): readonly [Value<'i32'>, number] =>
  typeof bytes === 'number' ? [base, bytes] : [f.let(base.add(bytes)), 0];

/** Constants that were numbers, as numbers again. */
export const numbersOf = <T extends Readonly<Record<string, number>>>(constants: KernelConstants): T =>
  Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, Number(value)])) as T;
