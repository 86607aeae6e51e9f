/**
 * Values: typed expressions with the instructions of their type as methods. A value is a description; each use emits it
 * anew, so put what is used twice into a local.
 */
import { instructions, type Methods } from '../instructions/instructions.ts';
import { letters, type ValueType } from '../instructions/signatures.ts';
import type { Node } from './node.ts';

export interface Expression<T extends ValueType> {
  readonly type: T;
  readonly '~node': Node;
}
/** `x.add(1).shl(2)`: methods are instructions named as in the specification. */
export type Value<T extends ValueType> = Expression<T> & Methods<T>;
/** A value, or a plain number that becomes a constant. */
export type Operand<T extends ValueType> =
  | Expression<T>
  | (T extends 'v128' ? never : T extends 'i64' ? number | bigint : number);

const prototypes = new Map<ValueType, object>();

/** The expression of a node. */
export function asValue<T extends ValueType>(type: T, node: Node): Value<T> {
  const value: { type?: T; '~node'?: Node } = Object.create(prototypeOf(type));
  value.type = type;
  value['~node'] = node;
  // The prototype holds exactly the methods that the table gives this type.
  return value as Value<T>;
}

/** The node of an operand; numbers become constants of the type that is asked for. */
export function nodeOf<T extends ValueType>(operand: Operand<T>, type: T, where: string): Node {
  if (typeof operand === 'number' || typeof operand === 'bigint') return constantNode(type, operand, where);
  if (operand?.type !== type)
    throw new TypeError(`${where}: an operand must be ${type}, got ${String(operand?.type)}. Convert it.`);
  return operand['~node'];
}

export function constantNode(type: ValueType, value: number | bigint, where: string): Node {
  if (type === 'v128') throw new TypeError(`${where}: an operand must be v128, got a number. Use a splat.`);
  const whole = type === 'i32' || type === 'i64';
  const fits = type === 'i32' ? Number(value) >= -(2 ** 31) && Number(value) < 2 ** 32 : true;
  if (whole && (typeof value === 'number' ? !Number.isInteger(value) || !fits : !fits))
    throw new RangeError(`${where}: a constant must be a whole number of ${type}, got ${String(value)}.`);
  return { kind: 'constant', type, value: type === 'i32' ? Number(value) | 0 : value };
}

/** Builds the node of an instruction from what its caller gave; offsets that are left out are 0. */
export function instructionNode(name: string, given: readonly unknown[]): Node {
  const instruction = instructions.get(name);
  if (instruction === undefined) throw new TypeError(`${name}: there is no such instruction.`);
  const operands: Node[] = [];
  const immediates: (number | readonly number[])[] = [];
  let at = 0;
  for (const letter of instruction.signature.slice(0, instruction.signature.indexOf('>'))) {
    const type = letters[letter];
    if (type !== undefined) operands.push(nodeOf(given[at++] as Operand<ValueType>, type, name));
    else if (letter === 'm') immediates.push(checkedOffset(given[at++] ?? 0, name));
    else if (letter === 'n') immediates.push(checkedLane(given[at++], lanesOf(name), name));
    else if (letter === 's') immediates.push(checkedLanes(given[at++], name));
  }
  if (given.length > at) throw new TypeError(`${name}: it takes at most ${at} arguments, got ${given.length}.`);
  return { kind: 'instruction', name, operands, immediates };
}

function prototypeOf(type: ValueType): object {
  const known = prototypes.get(type);
  if (known !== undefined) return known;
  const made: Record<string, unknown> = {};
  for (const { name, signature } of instructions.values()) {
    const [prefix, method = '', deeper] = name.split('.');
    const result = letters[signature.slice(signature.indexOf('>') + 1)];
    const takesMemory = signature.includes('m');
    if (prefix !== type || deeper !== undefined || result === undefined || takesMemory) continue;
    if (letters[signature[0] ?? ''] !== type) continue;
    made[method] = function (this: Expression<ValueType>, ...rest: unknown[]): Value<ValueType> {
      return asValue(result, instructionNode(name, [this, ...rest]));
    };
  }
  prototypes.set(type, made);
  return made;
}

function lanesOf(name: string): number {
  const shape = /x(\d+)\.|load(\d+)_lane|store(\d+)_lane/.exec(name);
  return shape?.[1] !== undefined ? Number(shape[1]) : 128 / Number(shape?.[2] ?? shape?.[3]);
}
function checkedLane(lane: unknown, count: number, name: string): number {
  if (typeof lane === 'number' && Number.isInteger(lane) && lane >= 0 && lane < count) return lane;
  throw new RangeError(`${name}: the lane must be from 0 to ${count - 1}, got ${String(lane)}.`);
}
function checkedLanes(lanes: unknown, name: string): readonly number[] {
  if (!Array.isArray(lanes) || lanes.length !== 16)
    throw new RangeError(
      `${name}: there must be 16 lanes to take, got ${Array.isArray(lanes) ? lanes.length : 'none'}.`,
    );
  return lanes.map((lane) => checkedLane(lane, 32, name));
}
function checkedOffset(offset: unknown, name: string): number {
  if (typeof offset === 'number' && Number.isInteger(offset) && offset >= 0 && offset < 2 ** 32) return offset;
  throw new RangeError(`${name}: the offset must be a whole number from 0 to 2³² − 1, got ${String(offset)}.`);
}
