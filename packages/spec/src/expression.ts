/**
 * The expression language: element-wise formulas as data. Every backend lowers it in its own way (a JS loop, a SIMD loop,
 * WGSL, calls into a foreign library), so an op whose value and derivative are expressions runs and trains everywhere.
 *
 * Each node has a dtype and is rounded to it: no contraction, no hidden wider intermediate.
 * Result dtypes: arithmetic keeps its operands' dtype (which must agree); comparisons and logic give bool; `where` has its
 * branches' dtype; a constant or argument takes the dtype of its context (float32 where there is none).
 */
import type { DType } from './tensor.ts';

export type Unary =
  | 'neg'
  | 'abs'
  | 'sign'
  | 'sqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'erf'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'not'
  | 'isNaN'
  | 'isFinite';

/** `mod` has the divisor's sign (as NumPy's). `min` and `max` give NaN if either operand is NaN. `round` is half to even. */
export type Binary =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'mod'
  | 'atan2'
  | 'min'
  | 'max'
  | 'lt'
  | 'le'
  | 'eq'
  | 'and'
  | 'or';

export type Expression =
  /** The element of input `input`, broadcast to the output's shape as NumPy does. */
  | { readonly input: number }
  | { readonly constant: number }
  /** The dispatch's run-time number `argument`: another value needs no new kernel. */
  | { readonly argument: number }
  | { readonly cast: DType; readonly x: Expression }
  | { readonly unary: Unary; readonly x: Expression }
  | { readonly binary: Binary; readonly x: Expression; readonly y: Expression }
  | { readonly where: Expression; readonly x: Expression; readonly y: Expression };
