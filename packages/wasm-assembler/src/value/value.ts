/**
 * Values: typed expressions with the instructions of their type as methods. A value is a description; each use emits it
 * anew, so put what is used twice into a local.
 */
import { type Instruction, instructions, type Methods, membersOf } from '../instructions/instructions.ts';
import { type Shape, typeCodes, type ValueType } from '../instructions/signatures.ts';
import type { LocalNode, Node } from './node.ts';

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

/** A register. Only locals have `set`; everything else is a value. */
export type Local<T extends ValueType> = Value<T> & { set(value: Operand<T>): void };

/** What every value is; a class of each type adds the type's instructions. */
class TypedValue<T extends ValueType> implements Expression<T> {
  readonly type: T;
  readonly '~node': Node;

  constructor(type: T, node: Node) {
    this.type = type;
    this['~node'] = node;
  }
}
type ValueClass = new <T extends ValueType>(type: T, node: Node) => TypedValue<T>;
const classes = new Map<ValueType, ValueClass>();

/** The class of values of a type. */
export function valueClass(type: ValueType): ValueClass {
  const known = classes.get(type);
  if (known !== undefined) return known;
  const made = class<T extends ValueType> extends TypedValue<T> {};
  const methods = membersOf(type, (instruction) => {
    const { operands, immediates, result } = instruction.shape;
    if (result === undefined || immediates.includes('m') || operands[0] !== type) return undefined;
    return function (this: unknown, a?: unknown, b?: unknown, c?: unknown): Value<ValueType> {
      return asValue(result, instructionNode(instruction, this, a, b, c));
    };
  });
  Object.assign(made.prototype, methods);
  classes.set(type, made);
  return made;
}

/** The expression of a node. */
export function asValue<T extends ValueType>(type: T, node: Node): Value<T> {
  const value: TypedValue<T> = new (valueClass(type))(type, node);
  // The class has exactly the methods that the table gives this type.
  return value as Value<T>;
}

/** Values of a type that can be set: `home` says where they are written down. */
interface Home {
  set(local: LocalNode, value: Node): void;
  readonly where: string;
}
type LocalClass = new (type: ValueType, node: LocalNode, home: Home) => TypedValue<ValueType>;
const localClasses = new Map<ValueType, LocalClass>();

function localClass(type: ValueType): LocalClass {
  const known = localClasses.get(type);
  if (known !== undefined) return known;
  const made = class extends valueClass(type)<ValueType> {
    private readonly local: LocalNode;
    private readonly home: Home;

    constructor(of: ValueType, node: LocalNode, home: Home) {
      super(of, node);
      this.local = node;
      this.home = home;
    }
    set(value: Operand<ValueType>): void {
      this.home.set(this.local, nodeOf(value, this.type, this.home.where));
    }
  };
  localClasses.set(type, made);
  return made;
}

/** A register as a value that can be set. */
export function asLocal<T extends ValueType>(type: T, node: LocalNode, home: Home): Local<T> {
  const local: TypedValue<ValueType> = new (localClass(type))(type, node, home);
  return local as Expression<ValueType> as Local<T>;
}

/** The node of an operand; numbers become constants of the type that is asked for. */
export function nodeOf<T extends ValueType>(operand: Operand<T>, type: T, where: string): Node {
  if (typeof operand === 'number' || typeof operand === 'bigint') return constantNode(type, operand, where);
  if (operand?.type !== type)
    throw new TypeError(`${where}: an operand must be ${type}, got ${operand?.type ?? nameOf(operand)}. Convert it.`);
  return operand['~node'];
}

export function constantNode(type: ValueType, value: number | bigint, where: string): Node {
  if (type === 'v128') throw new TypeError(`${where}: an operand must be v128, got a number. Use a splat.`);
  checkType(type, where);
  const isWhole = typeof value === 'bigint' || Number.isInteger(value);
  const bits = type === 'i32' ? 32 : 64;
  if (
    type === 'f32' || type === 'f64'
      ? !isWhole && typeof value !== 'number'
      : !isWhole || value < -(2 ** (bits - 1)) || value >= 2 ** bits
  )
    throw new RangeError(
      `${where}: a constant must be a ${bits === 32 || type === 'i64' ? 'whole ' : ''}number of ${type}, got ${String(value)}.`,
    );
  return { kind: 'constant', type, value: type === 'i32' ? Number(value) | 0 : value };
}

export function checkType(type: ValueType, where: string): void {
  if (!(type in typeCodes))
    throw new TypeError(`${where}: a type must be ${Object.keys(typeCodes).join(', ')}, got ${String(type)}.`);
}

/** The node of a value, or of a call without a result, whatever its type. */
export function nodeIn<K extends '~node' | '~call'>(
  given: { readonly [key in K]: Node } | undefined,
  key: K,
  ...where: readonly string[]
): Node {
  const node = given?.[key];
  if (node !== undefined) return node;
  const wanted = key === '~node' ? 'a value' : 'a call without a result';
  throw new TypeError(`${where.join(' ')}: it takes ${wanted}, got ${nameOf(given)}.`);
}
const nameOf = (given: unknown): string =>
  typeof given !== 'object' || given === null
    ? String(given)
    : '~node' in given
      ? 'a value'
      : '~call' in given
        ? 'a call without a result'
        : 'an object';

/**
 * Builds the node of an instruction from what its caller gave; offsets that are left out are 0. A cold program emits tens of
 * thousands of these, so nothing is made on the way: no list of arguments, no iterator.
 */
export function instructionNode(
  instruction: Instruction,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  d?: unknown,
  e?: unknown,
): Node {
  const { name, shape } = instruction;
  const { operands: types, immediates } = shape;
  const count = types.length;
  const behind = count === 1 ? b : count === 2 ? c : d;
  const tooMuch = immediates === '' ? behind : count === 1 ? c : count === 2 ? d : e;
  const usual = immediates === '' ? none : immediates === 'm' ? offsetOf(behind, name) : undefined;
  if (usual !== undefined && tooMuch === undefined && count > 0 && count < 4) {
    const first = operandOf(a, types, 0, name);
    const second = count > 1 ? operandOf(b, types, 1, name) : first;
    // Lists of the right length from the start.
    const operands =
      count === 1 ? [first] : count === 2 ? [first, second] : [first, second, operandOf(c, types, 2, name)];
    return { kind: 'instruction', instruction, operands, immediates: usual };
  }
  const given = [a, b, c, d, e];
  const most = count + immediates.length;
  if (given[most] !== undefined)
    throw new TypeError(`${name}: it takes at most ${most} arguments, got more. Leave out what is too much.`);
  return {
    kind: 'instruction',
    instruction,
    operands: types.map((_, i) => operandOf(given[i], types, i, name)),
    immediates: usual ?? immediatesOf(name, shape, given),
  };
}

const operandOf = (given: unknown, types: readonly ValueType[], i: number, name: string): Node =>
  nodeOf(given as Operand<ValueType>, types[i] as ValueType, name);

function immediatesOf(
  name: string,
  { immediates, operands: { length: from } }: Shape,
  given: readonly unknown[],
): readonly (number | readonly number[])[] {
  return [...immediates].map((letter, i) =>
    letter === 'm'
      ? checkedOffset(given[from + i] ?? 0, name)
      : letter === 'n'
        ? checkedLane(given[from + i], lanesOf(name), name)
        : checkedLanes(given[from + i], name),
  );
}
const none: readonly number[] = [];
const zero: readonly number[] = [0];
const offsetOf = (given: unknown, name: string): readonly number[] =>
  given === undefined || given === 0 ? zero : [checkedOffset(given, name)];

/** The instruction of this name. */
export function instructionNamed(name: string): Instruction {
  const instruction = instructions.get(name);
  if (instruction === undefined) throw new TypeError(`${name}: there is no such instruction.`);
  return instruction;
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
