/**
 * A function being written: locals and statements. JavaScript's own loops unroll, `f.loop` loops. Locals made inside a
 * block, loop or branch belong to it: their registers are used again afterwards. Long: the statements know
 * each other's registers and bodies.
 */
import { membersOf, type StatementNamespace } from '../instructions/instructions.ts';
import type { ValueType } from '../instructions/signatures.ts';
import type { LocalNode, Node } from '../value/node.ts';
import {
  asLocal,
  asValue,
  constantNode,
  type Expression,
  instructionNamed,
  instructionNode,
  type Local,
  nodeIn,
  nodeOf,
  type Operand,
  type Value,
} from '../value/value.ts';
import type { Body, Label, Statement } from './statement.ts';

/** Statements that are instructions: `f.f32.store(address, value, offset)`. */
export interface InstructionStatements {
  readonly i32: StatementNamespace<'i32'>;
  readonly i64: StatementNamespace<'i64'>;
  readonly f32: StatementNamespace<'f32'>;
  readonly f64: StatementNamespace<'f64'>;
  readonly v128: StatementNamespace<'v128'>;
  /** `copy(to, from, bytes)`, `fill(to, value, bytes)`. */
  readonly memory: StatementNamespace<'memory'>;
  readonly i32Atomic: StatementNamespace<'i32.atomic'>;
  readonly i64Atomic: StatementNamespace<'i64.atomic'>;
  /** `fence()`. */
  readonly atomic: StatementNamespace<'atomic'>;
}
export interface FunctionBuilder extends InstructionStatements {
  /** A register of this type. Default 0. */
  local<T extends Exclude<ValueType, 'v128'>>(type: T, initial?: Operand<T>): Local<T>;
  /** A register that holds this value: computes it once, here. */
  let<T extends ValueType>(value: Expression<T>): Local<T>;
  /**
   * A register that holds this value from the beginning of the function on, whoever asks and wherever: for constants that loops
   * use. Equal values share one. The value is made of constants, parameters and what was hoisted; it calls nothing.
   */
  hoist<T extends ValueType>(value: Expression<T>): Value<T>;
  /** `exit` is where `f.branch(exit)` goes: behind the block. */
  block(body: (exit: Label) => void): void;
  /** `for (i = from; i < to; i += step)`, signed; the step is a positive constant. `from` and `to` are computed once. */
  loop(from: Operand<'i32'>, to: Operand<'i32'>, body: (i: Value<'i32'>, exit: Label) => void): void;
  loop(from: Operand<'i32'>, to: Operand<'i32'>, step: number, body: (i: Value<'i32'>, exit: Label) => void): void;
  /** `while (condition)`; the condition is computed anew each time. */
  while(condition: () => Operand<'i32'>, body: (exit: Label) => void): void;
  /** `do … while (condition)`. */
  repeat(body: (exit: Label) => void, condition: () => Operand<'i32'>): void;
  if(condition: Operand<'i32'>, yes: () => void, no?: () => void): void;
  branch(label: Label): void;
  branchIf(label: Label, condition: Operand<'i32'>): void;
  /** To `labels[index]`, or to `other` where there is none. */
  branchTable(index: Operand<'i32'>, labels: readonly Label[], other: Label): void;
  return(value?: Expression<ValueType>): void;
  unreachable(): void;
  /** Computes a value for what it does (a call, an atomic) and forgets it. */
  drop(value: Expression<ValueType>): void;
  /** Adds a call without a result, as made by the callee. */
  do(call: CallStatement): void;
}
/** A call of a function that gives nothing back. */
export interface CallStatement {
  readonly '~call': Node;
}

export interface BuiltBody {
  readonly body: Body;
  /** Types of the registers after the parameters. */
  readonly locals: readonly ValueType[];
}

/** Runs `write` and collects what it writes. */
export function buildBody(
  parameters: readonly ValueType[],
  result: ValueType | undefined,
  where: string,
  write: (f: FunctionBuilder, parameters: readonly Local<ValueType>[]) => Expression<ValueType> | undefined,
): BuiltBody {
  const types: ValueType[] = [...parameters];
  const free = new Map<ValueType, number[]>();
  let owned: number[] = [];
  const whole: Body = { open: false, statements: [] };
  let current = whole;
  let isDone = false;
  const first: Statement[] = [];
  const hoisted = new Map<string, LocalNode>();

  const register = (type: ValueType): number => {
    const index = free.get(type)?.pop() ?? types.push(type) - 1;
    owned.push(index);
    return index;
  };
  const home = {
    where: `${where} set()`,
    set: (local: LocalNode, value: Node): void => push({ kind: 'set', local, value }),
  };
  const gather = (write: () => void): Body => {
    const [outer, outerOwned] = [current, owned];
    const inner: Body = { open: false, statements: [] };
    current = inner;
    owned = [];
    write();
    for (let i = 0; i < owned.length; i++) {
      const index = owned[i] as number;
      const type = types[index] as ValueType;
      const unused = free.get(type);
      if (unused) unused.push(index);
      else free.set(type, [index]);
    }
    [current, owned] = [outer, outerOwned];
    return inner;
  };
  const push = (statement: Statement): void => {
    if (isDone)
      throw new TypeError(`${where}: statements must be added while its body is written, got one behind its end.`);
    current.statements.push(statement);
  };
  const condition = (value: Operand<'i32'>): Node => nodeOf(value, 'i32', `${where} condition`);
  const fresh = <T extends ValueType>(type: T, value: Node): Local<T> => {
    const local: LocalNode = { kind: 'local', index: register(type), owner: current };
    push({ kind: 'set', local, value });
    return asLocal(type, local, home);
  };
  /** Whether it has its value at the beginning of the function: parameters, and what was hoisted. */
  const isEarly = ({ index, owner }: LocalNode): boolean =>
    owner === whole && (index < parameters.length || [...hoisted.values()].some((local) => local.index === index));
  /** Where something branches to. */
  const targets = new Set<Label>();
  const not = (test: Operand<'i32'>): Value<'i32'> =>
    asValue('i32', instructionNode(instructionNamed('i32.eqz'), asValue('i32', condition(test))));

  const f: FunctionBuilder = {
    ...statementNamespaces((node) => push({ kind: 'do', node })),
    local<T extends Exclude<ValueType, 'v128'>>(type: T, initial?: Operand<T>) {
      return fresh(
        type,
        initial === undefined ? constantNode(type, 0, where) : nodeOf(initial, type, `${where} local()`),
      );
    },
    let(value) {
      const node = nodeIn(value, '~node', where, 'let()');
      return fresh(value.type, node);
    },
    hoist(value) {
      const node = nodeIn(value, '~node', where, 'hoist()');
      const key = keyOf(node, isEarly, where);
      let local = hoisted.get(key);
      if (local === undefined) {
        local = { kind: 'local', index: types.push(value.type) - 1, owner: whole };
        hoisted.set(key, local);
        first.push({ kind: 'set', local, value: node });
      }
      return asValue(value.type, local);
    },
    block(body) {
      const label: Label = { kind: 'block' };
      const inner = gather(() => body(label));
      push({ kind: 'body', label: targets.has(label) ? label : undefined, body: inner });
    },
    loop(
      from: Operand<'i32'>,
      to: Operand<'i32'>,
      ...rest: [number | ((i: Value<'i32'>, exit: Label) => void), ((i: Value<'i32'>, exit: Label) => void)?]
    ) {
      const [step, body] = typeof rest[0] === 'number' ? [rest[0], rest[1]] : [1, rest[0]];
      if (typeof body !== 'function')
        throw new TypeError(`${where} loop(): the body must be a function, got ${String(body)}.`);
      if (!Number.isInteger(step) || step < 1)
        throw new RangeError(`${where} loop(): the step must be a whole number of at least 1, got ${step}.`);
      f.block((exit) => {
        const i = fresh('i32', nodeOf(from, 'i32', `${where} loop()`));
        const end = typeof to === 'number' ? to : fresh('i32', nodeOf(to, 'i32', `${where} loop()`));
        f.if(i.lt_s(end), () => {
          f.repeat(
            () => {
              body(i, exit);
              i.set(i.add(step));
            },
            () => i.lt_s(end),
          );
        });
      });
    },
    while(test, body) {
      f.block((exit) => {
        const again: Label = { kind: 'loop' };
        const inner = gather(() => {
          f.branchIf(exit, not(test()));
          body(exit);
          push({ kind: 'br', label: again });
        });
        push({ kind: 'body', label: again, body: inner });
      });
    },
    repeat(body, test) {
      f.block((exit) => {
        const again: Label = { kind: 'loop' };
        const inner = gather(() => {
          body(exit);
          push({ kind: 'br', label: again, condition: condition(test()) });
        });
        push({ kind: 'body', label: again, body: inner });
      });
    },
    if(test, yes, no) {
      const node = condition(test);
      push({ kind: 'if', label: { kind: 'if' }, condition: node, yes: gather(yes), no: no && gather(no) });
    },
    branch(label) {
      targets.add(label);
      push({ kind: 'br', label });
    },
    branchIf(label, test) {
      targets.add(label);
      push({ kind: 'br', label, condition: condition(test) });
    },
    branchTable(index, labels, other) {
      for (const label of [...labels, other]) targets.add(label);
      push({ kind: 'br_table', index: condition(index), labels, other });
    },
    return(value) {
      const node = resultNode(value, result, where);
      push({ kind: 'return', ...(node && { value: node }) });
    },
    unreachable: () => push({ kind: 'unreachable' }),
    drop: (value) => push({ kind: 'drop', node: nodeIn(value, '~node', where, 'drop()') }),
    do: (call) => push({ kind: 'do', node: nodeIn(call, '~call', where, 'do()') }),
  };
  const given = write(
    f,
    parameters.map((type, index) => asLocal(type, { kind: 'local', index, owner: whole }, home)),
  );
  if (result !== undefined) f.return(given);
  isDone = true;
  whole.statements.unshift(...first);
  return { body: whole, locals: types.slice(parameters.length) };
}

function resultNode(
  value: Expression<ValueType> | undefined,
  result: ValueType | undefined,
  where: string,
): Node | undefined {
  if (result === undefined) {
    if (value === undefined) return undefined;
    throw new TypeError(
      `${where} return(): a function without a result must give nothing, got a value. Declare its result.`,
    );
  }
  if (value === undefined)
    throw new TypeError(`${where}: the body must give a ${result}, got nothing. Return a value.`);
  return nodeOf<ValueType>(value, result, `${where} result`);
}

/** A text that is equal for equal values alone. */
function keyOf(node: Node, isEarly: (local: LocalNode) => boolean, where: string): string {
  const keys = (nodes: readonly Node[]): string => nodes.map((each) => keyOf(each, isEarly, where)).join();
  switch (node.kind) {
    case 'local':
      if (isEarly(node)) return `$${node.index}`;
      break;
    case 'constant':
      return `${node.type}:${Object.is(node.value, -0) ? '-0' : String(node.value)}`;
    case 'select':
      return `select(${keys(node.operands)})`;
    case 'instruction':
      return `${node.instruction.name}[${node.immediates.join()}](${keys(node.operands)})`;
  }
  throw new TypeError(
    `${where} hoist(): a value must be made of constants and parameters, got a ${node.kind === 'call' ? 'call' : 'register'}. Use let().`,
  );
}

/** Instructions of a prefix that give nothing, as methods that add a statement. */
class Statements {
  readonly push: (node: Node) => void;

  constructor(push: (node: Node) => void) {
    this.push = push;
  }
}
const classes = new Map<string, typeof Statements>();

function statementsOf<P extends string>(prefix: P, push: (node: Node) => void): StatementNamespace<P> {
  let made = classes.get(prefix);
  if (made === undefined) {
    made = class extends Statements {};
    const methods = membersOf(prefix, (instruction) => {
      if (instruction.shape.result !== undefined) return undefined;
      return function (this: Statements, a?: unknown, b?: unknown, c?: unknown, d?: unknown): void {
        this.push(instructionNode(instruction, a, b, c, d));
      };
    });
    Object.assign(made.prototype, methods);
    classes.set(prefix, made);
  }
  // The table gives both the methods and their types.
  const erased: object = new made(push);
  return erased as StatementNamespace<P>;
}

const statementNamespaces = (push: (node: Node) => void): InstructionStatements => ({
  i32: statementsOf('i32', push),
  i64: statementsOf('i64', push),
  f32: statementsOf('f32', push),
  f64: statementsOf('f64', push),
  v128: statementsOf('v128', push),
  memory: statementsOf('memory', push),
  i32Atomic: statementsOf('i32.atomic', push),
  i64Atomic: statementsOf('i64.atomic', push),
  atomic: statementsOf('atomic', push),
});
