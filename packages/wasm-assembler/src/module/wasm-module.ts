/** A module being written: imports, one memory, functions, data; then bytes for `WebAssembly.Module`. */
import { ByteWriter } from '../encode/byte-writer.ts';
import { encodeBody, type Surroundings } from '../encode/encode-body.ts';
import {
  type BuiltBody,
  buildBody,
  type CallStatement,
  type FunctionBuilder,
} from '../function-builder/function-builder.ts';
import { typeCodes, type ValueType } from '../instructions/signatures.ts';
import type { Callee, CallNode } from '../value/node.ts';
import { asValue, checkType, type Expression, type Local, nodeOf, type Operand, type Value } from '../value/value.ts';

export type Parameters = Readonly<Record<string, ValueType>>;
export type Locals<P extends Parameters> = { readonly [K in keyof P]: Local<P[K]> };
type Operands<P extends Parameters> = { readonly [K in keyof P]: Operand<P[K]> };
/** Calls it: a value where it has a result, else a statement for `f.do`. */
export type Callable<P extends Parameters, R extends ValueType | undefined> = (
  args: Operands<P>,
) => R extends ValueType ? Value<R> : CallStatement;

export interface MemoryLimits {
  /** Pages of 64 KiB. */
  readonly initial: number;
  readonly maximum?: number;
  /** Needs a maximum. */
  readonly shared?: boolean;
}
export interface FunctionOptions<P extends Parameters> {
  readonly parameters?: P;
  /** Visible from outside under its name. Default true. */
  readonly exported?: boolean;
}
export interface WasmModule {
  /** At most one memory, imported or own. */
  importMemory(module: string, name: string, limits: MemoryLimits): void;
  memory(limits: MemoryLimits & { readonly exportAs?: string }): void;
  /** Bytes written into the memory when the module is instantiated. */
  data(offset: number, bytes: Uint8Array): void;
  importFunction<
    const P extends Parameters = Readonly<Record<never, never>>,
    const R extends ValueType | undefined = undefined,
  >(module: string, name: string, signature?: { readonly parameters?: P; readonly result?: R }): Callable<P, R>;
  /** Defines a function; `write` is called at once, and gives the result where there is one. */
  function<const P extends Parameters = Readonly<Record<never, never>>>(
    name: string,
    options: FunctionOptions<P> & { readonly result?: undefined },
    write: (f: FunctionBuilder, parameters: Locals<P>) => void,
  ): Callable<P, undefined>;
  function<const R extends ValueType, const P extends Parameters = Readonly<Record<never, never>>>(
    name: string,
    options: FunctionOptions<P> & { readonly result: R },
    write: (f: FunctionBuilder, parameters: Locals<P>) => Expression<R>,
  ): Callable<P, R>;
  /** The module so far. @throws TypeError  for a register outside its body, an unused call, a missing memory, names exported twice */
  toBytes(): Uint8Array<ArrayBuffer>;
  /** What `listing` shows. */
  readonly '~content': ModuleContent;
}
export interface ModuleContent {
  readonly imports: readonly Imported[];
  readonly functions: readonly Defined[];
  readonly segments: readonly Segment[];
  readonly memory: Memory | undefined;
}
export interface Segment {
  readonly offset: number;
  readonly bytes: Uint8Array;
}
export interface Memory extends MemoryLimits {
  readonly from?: readonly [module: string, name: string];
  readonly exportAs?: string;
}
export interface Defined extends Callee {
  readonly body: BuiltBody;
  readonly exported: boolean;
}
export interface Imported extends Callee {
  readonly module: string;
}

/**
 * An empty module.
 * @example
 * import { wasmModule } from '@dendrite/wasm-assembler';
 * const m = wasmModule();
 * m.function('twice', { parameters: { x: 'i32' }, result: 'i32' }, (_f, { x }) => x.shl(1));
 * new WebAssembly.Instance(new WebAssembly.Module(m.toBytes())).exports;
 */
export function wasmModule(): WasmModule {
  const imports: Imported[] = [];
  const functions: Defined[] = [];
  const segments: Segment[] = [];
  /** Calls that no function holds yet. */
  const unused = new Set<CallNode>();
  let limits: Memory | undefined;
  const setMemory = (given: Memory): void => {
    if (limits !== undefined) throw new TypeError('memory(): a module must have at most one memory, got a second.');
    checkLimits(given);
    limits = given;
  };
  const callable = <P extends Parameters, R extends ValueType | undefined>(callee: Callee): Callable<P, R> => {
    const { names, parameters } = callee;
    for (const type of callee.result ? [...parameters, callee.result] : parameters) checkType(type, callee.name);
    const call = (args: Operands<P>): unknown => {
      const operands = names.map((name, i) =>
        nodeOf<ValueType>(args[name] as Operand<ValueType>, parameters[i] as ValueType, `call ${callee.name} ${name}`),
      );
      const strange = Object.keys(args ?? {}).find((name) => !names.includes(name));
      if (strange !== undefined)
        throw new TypeError(`call ${callee.name}: its arguments must be [${names}], got '${strange}' too.`);
      const node: CallNode = { kind: 'call', callee, operands };
      unused.add(node);
      return callee.result === undefined ? { '~call': node } : asValue(callee.result, node);
    };
    return call as Callable<P, R>;
  };

  return {
    importMemory: (module, name, given) => setMemory({ ...given, from: [module, name] }),
    memory: setMemory,
    data(offset, bytes) {
      if (!(Number.isInteger(offset) && offset >= 0 && offset < 2 ** 32))
        throw new RangeError(`data(): the offset must be a whole number from 0 to 2³² − 1, got ${String(offset)}.`);
      segments.push({ offset, bytes });
    },
    importFunction(module, name, signature = {}) {
      const parameters = signature.parameters ?? ({} as NonNullable<typeof signature.parameters>);
      const names = Object.keys(parameters);
      const callee: Imported = { module, name, names, parameters: Object.values(parameters), result: signature.result };
      imports.push(callee);
      return callable(callee);
    },
    function<P extends Parameters, R extends ValueType | undefined>(
      name: string,
      options: FunctionOptions<P> & { readonly result?: R },
      write: (f: FunctionBuilder, parameters: Locals<P>) => unknown,
    ): Callable<P, R> {
      const given = options.parameters ?? ({} as P);
      const names = Object.keys(given);
      const types = Object.values(given);
      const { result, exported = true } = options;
      if (functions.some((other) => other.name === name))
        throw new TypeError(`function(): names must differ, got '${name}' twice.`);
      const body = buildBody(types, result, name, (f, locals) => {
        const byName: object = Object.fromEntries(names.map((each, i) => [each, locals[i]]));
        // The overloads of `function` say what it gives.
        return write(f, byName as Locals<P>) as Expression<ValueType> | undefined;
      });
      const defined: Defined = { name, names, parameters: types, result, body, exported };
      functions.push(defined);
      return callable(defined);
    },
    toBytes() {
      const out = new ByteWriter();
      out.append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
      const callees: readonly Callee[] = [...imports, ...functions];
      const numbers = new Map(callees.map((callee, number) => [callee, number]));
      const surroundings: Surroundings = {
        memory: limits !== undefined,
        numberOf(call) {
          unused.delete(call);
          const number = numbers.get(call.callee);
          if (number !== undefined) return number;
          throw new TypeError(`call: '${call.callee.name}' must be a function of this module, got one of another.`);
        },
      };
      section(out, 1, callees, ({ parameters, result }, to) => {
        to.byte(0x60);
        to.unsigned(parameters.length);
        to.append(parameters.map((type) => typeCodes[type]));
        to.unsigned(result === undefined ? 0 : 1);
        if (result !== undefined) to.byte(typeCodes[result]);
      });
      const from = limits?.from;
      section(out, 2, [...imports, ...(from ? ['memory' as const] : [])], (each, to) => {
        const isMemory = each === 'memory';
        to.text(isMemory ? (from?.[0] ?? '') : each.module);
        to.text(isMemory ? (from?.[1] ?? '') : each.name);
        to.byte(isMemory ? 2 : 0);
        if (!isMemory) to.unsigned(imports.indexOf(each));
        else if (limits) writeLimits(limits, to);
      });
      section(out, 3, functions, (each, to) => to.unsigned(imports.length + functions.indexOf(each)));
      section(out, 5, limits && !limits.from ? [limits] : [], writeLimits);
      const exported = functions
        .filter((each) => each.exported)
        .map((each) => ({ name: each.name, kind: 0, number: numbers.get(each) ?? 0 }));
      if (exported.some(({ name }) => name === limits?.exportAs))
        throw new TypeError(
          `memory(): exports must have names of their own, got '${limits?.exportAs}' for a function too.`,
        );
      const memoryExport = limits?.exportAs === undefined ? [] : [{ name: limits.exportAs, kind: 2, number: 0 }];
      section(out, 7, [...exported, ...memoryExport], ({ name, kind, number }, to) => {
        to.text(name);
        to.byte(kind);
        to.unsigned(number);
      });
      section(out, 10, functions, ({ body, name }, to) => {
        const code = encodeBody(body, surroundings, name);
        to.unsigned(code.length);
        to.append(code);
      });
      for (const { callee } of unused)
        throw new TypeError(
          `call ${callee.name}: it must be used, got a call that no function holds. Use do() or drop().`,
        );
      if (segments.length > 0 && !limits) throw new TypeError('data(): the module must have a memory, got none.');
      section(out, 11, segments, ({ offset, bytes }, to) => {
        to.append([0, 0x41]);
        to.signed(offset | 0);
        to.byte(0x0b);
        to.unsigned(bytes.length);
        to.append(bytes);
      });
      return out.bytes();
    },
    get '~content'(): ModuleContent {
      return { imports, functions, segments, memory: limits };
    },
  };
}

/** A section of a list of things; left out where there is none. */
function section<T>(out: ByteWriter, id: number, list: readonly T[], write: (each: T, to: ByteWriter) => void): void {
  if (list.length === 0) return;
  const content = new ByteWriter();
  content.unsigned(list.length);
  for (const each of list) write(each, content);
  const bytes = content.bytes();
  out.byte(id);
  out.unsigned(bytes.length);
  out.append(bytes);
}
function writeLimits({ initial, maximum, shared = false }: MemoryLimits, to: ByteWriter): void {
  to.byte((maximum === undefined ? 0 : 1) | (shared ? 2 : 0));
  to.unsigned(initial);
  if (maximum !== undefined) to.unsigned(maximum);
}
function checkLimits({ initial, maximum, shared = false }: MemoryLimits): void {
  const pages = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 65536;
  if (!pages(initial) || (maximum !== undefined && !(pages(maximum) && maximum >= initial)))
    throw new RangeError(
      `memory(): limits must be pages from 0 to 65536, the maximum no less than the initial, got ${initial} and ${maximum}.`,
    );
  if (shared && maximum === undefined) throw new RangeError('memory(): a shared memory must have a maximum, got none.');
}
