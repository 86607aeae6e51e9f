/** Instructions as functions of values: `f32x4.add(a, b)`, `i32.load8_u(address, offset)`; names are the specification's. */
import { membersOf, type Namespace } from '../instructions/instructions.ts';
import type { ValueType } from '../instructions/signatures.ts';
import type { Node } from './node.ts';
import { asValue, constantNode, instructionNode, nodeIn, nodeOf, type Operand, type Value } from './value.ts';

export const i32: Namespace<'i32'> = /*#__PURE__*/ namespace('i32');
export const i64: Namespace<'i64'> = /*#__PURE__*/ namespace('i64');
export const f32: Namespace<'f32'> = /*#__PURE__*/ namespace('f32');
export const f64: Namespace<'f64'> = /*#__PURE__*/ namespace('f64');
export const v128: Namespace<'v128'> = /*#__PURE__*/ namespace('v128');
export const i8x16: Namespace<'i8x16'> = /*#__PURE__*/ namespace('i8x16');
export const i16x8: Namespace<'i16x8'> = /*#__PURE__*/ namespace('i16x8');
export const i32x4: Namespace<'i32x4'> = /*#__PURE__*/ namespace('i32x4');
export const i64x2: Namespace<'i64x2'> = /*#__PURE__*/ namespace('i64x2');
export const f32x4: Namespace<'f32x4'> = /*#__PURE__*/ namespace('f32x4');
export const f64x2: Namespace<'f64x2'> = /*#__PURE__*/ namespace('f64x2');
/** `memory.size()`, `memory.grow(pages)`; copy and fill are statements of a function. */
export const memory: Namespace<'memory'> = /*#__PURE__*/ namespace('memory');
/** `i32Atomic.load`, and `i32Rmw.add` and its like, which give the value that was there before. */
export const i32Atomic: Namespace<'i32.atomic'> = /*#__PURE__*/ namespace('i32.atomic');
export const i64Atomic: Namespace<'i64.atomic'> = /*#__PURE__*/ namespace('i64.atomic');
export const i32Rmw: Namespace<'i32.atomic.rmw'> = /*#__PURE__*/ namespace('i32.atomic.rmw');
export const i64Rmw: Namespace<'i64.atomic.rmw'> = /*#__PURE__*/ namespace('i64.atomic.rmw');
/** `memoryAtomic.wait32(address, expected, nanoseconds)`, `memoryAtomic.notify(address, count)`. */
export const memoryAtomic: Namespace<'memory.atomic'> = /*#__PURE__*/ namespace('memory.atomic');

/** A constant of this type. */
export function constant<T extends Exclude<ValueType, 'v128'>>(type: T, value: number | bigint): Value<T> {
  return asValue(type, constantNode(type, value, 'constant()'));
}

/** Sixteen bytes as a constant vector. */
export function bytes(values: readonly number[]): Value<'v128'> {
  if (values.length !== 16 || !values.every((value) => Number.isInteger(value) && value >= -128 && value < 256))
    throw new RangeError(`bytes(): there must be 16 bytes, got [${values.join(', ')}].`);
  return asValue('v128', { kind: 'constant', type: 'v128', value: values.map((value) => value & 255) });
}

/** `condition ? yes : no`, both sides computed. */
export function select<T extends ValueType>(condition: Operand<'i32'>, yes: Value<T>, no: Value<T>): Value<T> {
  const operands: readonly [Node, Node, Node] = [
    nodeIn(yes, '~node', 'select()'),
    nodeOf<ValueType>(no, yes.type, 'select()'),
    nodeOf(condition, 'i32', 'select()'),
  ];
  return asValue(yes.type, { kind: 'select', type: yes.type, operands });
}

function namespace<P extends string>(prefix: P): Namespace<P> {
  // The table gives both the members and their types.
  const erased: object = membersOf(prefix, (instruction) => {
    const { result } = instruction.shape;
    if (result === undefined) return undefined;
    return (a?: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown) =>
      asValue(result, instructionNode(instruction, a, b, c, d, e));
  });
  return Object.freeze(erased) as Namespace<P>;
}
