/** Where a formula is written, and the few turns that all formulas share. */
import type { FunctionBuilder } from '../function-builder/function-builder.ts';
import { f32x4, i32x4 } from '../value/namespaces.ts';
import type { Local, Value } from '../value/value.ts';

/** Four float32. */
export type Vector = Value<'v128'>;
export interface Site {
  readonly f: FunctionBuilder;
  /** Relaxed SIMD may be used: products and sums are rounded once where the processor can, so bits differ between processors. */
  readonly relaxed: boolean;
}

/** Four times this float32, in a register of its own. */
export const float = ({ f }: Site, value: number): Vector => f.hoist(f32x4.splat(value));
/** Four times this int32, likewise. */
export const whole = ({ f }: Site, value: number): Vector => f.hoist(i32x4.splat(value));

/** `x · y + z`. */
export const multiplyAdd = ({ relaxed }: Site, x: Vector, y: Vector, z: Vector): Vector =>
  relaxed ? f32x4.relaxed_madd(x, y, z) : f32x4.add(f32x4.mul(x, y), z);
/** `z − x · y`. */
export const subtractProduct = ({ relaxed }: Site, z: Vector, x: Vector, y: Vector): Vector =>
  relaxed ? f32x4.relaxed_nmadd(x, y, z) : f32x4.sub(z, f32x4.mul(x, y));

/** `c₀ xⁿ + c₁ xⁿ⁻¹ + …`. */
export function polynomial(site: Site, x: Vector, coefficients: readonly number[]): Local<'v128'> {
  const [first = 0, ...rest] = coefficients;
  const sum = site.f.let(float(site, first));
  for (const each of rest) sum.set(multiplyAdd(site, sum, x, float(site, each)));
  return sum;
}
