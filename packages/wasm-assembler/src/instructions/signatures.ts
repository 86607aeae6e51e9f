/**
 * Signatures as short texts: operands and immediates, `>`, result. `i` i32, `l` i64, `f` f32, `d` f64, `v` v128 are values;
 * `m` a memory offset, `n` a lane number, `s` sixteen lane numbers, `z` a zero byte that nobody writes. Without a result
 * after `>` the instruction is a statement.
 */
import type { Operand, Value } from '../value/value.ts';

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';
/** As the binary format writes them. */
export const typeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
export interface Letters {
  readonly i: 'i32';
  readonly l: 'i64';
  readonly f: 'f32';
  readonly d: 'f64';
  readonly v: 'v128';
}
export const letters: Readonly<Record<string, ValueType>> = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', v: 'v128' };

/** A signature taken apart. */
export interface Shape {
  readonly operands: readonly ValueType[];
  /** Letters of what a caller gives behind the operands. */
  readonly immediates: string;
  /** Zero bytes that nobody writes. */
  readonly zeros: number;
  /** undefined: the instruction is a statement. */
  readonly result: ValueType | undefined;
}
const shapes = new Map<string, Shape>();
/** The shape that all instructions of a signature share. */
export function shapeOf(signature: string): Shape {
  const known = shapes.get(signature);
  if (known !== undefined) return known;
  const [left = '', right = ''] = signature.split('>');
  const operands = [...left].flatMap((letter) => letters[letter] ?? []);
  const immediates = left.replace(/[ilfdvz]/g, '');
  const zeros = left.length - operands.length - immediates.length;
  const made: Shape = { operands, immediates, zeros, result: letters[right] };
  shapes.set(signature, made);
  return made;
}

/** The argument list of a signature's left side. A memory offset may be left out: it is 0 then. */
export type Arguments<S extends string> = S extends `${infer C}${infer Rest}`
  ? C extends keyof Letters
    ? [Operand<Letters[C]>, ...Arguments<Rest>]
    : C extends 'm'
      ? [offset?: number]
      : C extends 'n'
        ? [lane: number, ...Arguments<Rest>]
        : C extends 's'
          ? [lanes: readonly number[], ...Arguments<Rest>]
          : []
  : [];
/** What a call gives: a value to use, or nothing where it is a statement. */
export type Result<S extends string> = S extends keyof Letters ? Value<Letters[S]> : undefined;
