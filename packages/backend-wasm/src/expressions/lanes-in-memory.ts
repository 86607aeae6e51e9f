/** How four elements lie in memory: float32 and int32 as lanes, a bool as a byte that is a mask in registers, a uint8 as a byte. */
import { type FunctionBuilder, i8x16, i16x8, i32, i32x4, type Value, v128 } from '@dendrite/wasm-assembler';
import type { Vector } from '@dendrite/wasm-assembler/elementary';
import type { Lane, Stored } from './lower-node.ts';

type Int = Value<'i32'>;

/** A vector, `skip` more vectors behind the one at hand, of which all or `left` elements exist. */
export interface Turn {
  readonly skip: number;
  readonly left?: Int | undefined;
}

/** Four bytes at an address as whole numbers, and four bools as masks. */
export const bytesAt = (address: Int, offset: number): Vector =>
  i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(address, offset)));
export const maskAt = (address: Int, offset: number): Vector => i32x4.ne(bytesAt(address, offset), i32x4.splat(0));
export function splatAt(address: Int, lane: Lane): Vector {
  if (lane === 'bool') return i32x4.ne(i32x4.splat(i32.load8_u(address)), i32x4.splat(0));
  return v128.load32_splat(address);
}

/** Stores four elements from element `at` on, `skip` more vectors on, or the first `left` of them. */
export function storeAt(
  f: FunctionBuilder,
  base: Int,
  at: Int,
  { dtype, value, skip, left }: Turn & { readonly dtype: Stored; readonly value: Vector },
): void {
  if (dtype === 'bool' || dtype === 'uint8') {
    const bytes = v128.and(value, i32x4.splat(dtype === 'bool' ? 1 : 255));
    const halves = i16x8.narrow_i32x4_u(bytes, bytes);
    const packed = f.let(i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0));
    const address = f.let(base.add(at));
    if (left === undefined) f.i32.store(address, packed, 4 * skip);
    else for (const i of [0, 1, 2]) f.if(left.gt_s(i), () => f.i32.store8(address, packed.shr_u(8 * i), i));
    return;
  }
  const address = f.let(base.add(at.shl(2)));
  if (left === undefined) f.v128.store(address, value, 16 * skip);
  else
    for (const i of [0, 1, 2] as const)
      f.if(left.gt_s(i), () => f.i32.store(address, i32x4.extract_lane(value, i), 4 * i));
}
