/** All instructions in one table, and the namespaces that are made of it. */
import { atomicTable } from './atomic-table.ts';
import { memoryTable } from './memory-table.ts';
import { relaxedTable } from './relaxed-table.ts';
import { scalarTable } from './scalar-table.ts';
import { type Arguments, type Result, type Shape, shapeOf } from './signatures.ts';
import { simdTable } from './simd-table.ts';

export type Table = typeof scalarTable &
  typeof memoryTable &
  typeof simdTable &
  typeof relaxedTable &
  typeof atomicTable;
/** An instruction's name as the specification writes it: `'i32x4.dot_i16x8_s'`. */
export type InstructionName = keyof Table;
export interface Instruction {
  readonly name: string;
  readonly code: number;
  readonly signature: string;
  readonly shape: Shape;
  /** log₂ of the natural alignment of a memory access. */
  readonly alignment: number;
}

const tables: readonly Readonly<Record<string, readonly [number, string, number?]>>[] = [
  scalarTable,
  memoryTable,
  simdTable,
  relaxedTable,
  atomicTable,
];
/** Every instruction that this package offers, by its name. */
export const instructions: ReadonlyMap<string, Instruction> = new Map();
/** The same by what stands before their last dot, then by what stands behind it. A table is gone through once: a page waits for it. */
const byPrefix = new Map<string, Map<string, Instruction>>();
for (const table of tables)
  for (const name of Object.keys(table)) {
    const [code, signature, alignment = 0] = table[name] as Table[InstructionName];
    const made: Instruction = { name, code, signature, shape: shapeOf(signature), alignment };
    (instructions as Map<string, Instruction>).set(name, made);
    const dot = name.lastIndexOf('.');
    const prefix = name.slice(0, dot);
    const members = byPrefix.get(prefix) ?? new Map<string, Instruction>();
    if (members.size === 0) byPrefix.set(prefix, members);
    members.set(name.slice(dot + 1), made);
  }
/** What `make` gives for the instructions directly below a prefix, by the rest of their name; without those it gives nothing for. */
export function membersOf(prefix: string, make: (instruction: Instruction) => unknown): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [member, instruction] of byPrefix.get(prefix) ?? []) {
    const method = make(instruction);
    if (method !== undefined) made[member] = method;
  }
  return made;
}

/** Names below `P` that hold no further dot: of `i32` it is `add`, not `atomic.load`. */
type Member<P extends string, K> = K extends `${P}.${infer N}` ? (N extends `${string}.${string}` ? never : N) : never;
type Signature<P extends string, N extends string> = `${P}.${N}` extends infer K
  ? K extends InstructionName
    ? Table[K][1]
    : never
  : never;
type Call<S> = S extends `${infer A}>${infer R}` ? (...args: Arguments<A>) => Result<R> : never;
/** Instructions with a result, as functions of values. */
export type Namespace<P extends string> = {
  readonly [N in Member<P, InstructionName> as Signature<P, N> extends `${string}>` ? never : N]: Call<Signature<P, N>>;
};
/** Instructions without a result: statements of a function. */
export type StatementNamespace<P extends string> = {
  readonly [N in Member<P, InstructionName> as Signature<P, N> extends `${string}>` ? N : never]: Call<Signature<P, N>>;
};
/** Instructions whose first operand is a `T`, as methods of it. */
export type Methods<P extends string> = {
  readonly [N in Member<P, InstructionName> as First<Signature<P, N>> extends P ? N : never]: Method<Signature<P, N>>;
};
type First<S> = S extends `${string}m${string}`
  ? never
  : S extends `i${string}>${infer R}`
    ? R extends ''
      ? never
      : 'i32'
    : S extends `l${string}`
      ? 'i64'
      : S extends `f${string}`
        ? 'f32'
        : S extends `d${string}`
          ? 'f64'
          : S extends `v${string}`
            ? 'v128'
            : never;
type Method<S> = S extends `${infer A}>${infer R}`
  ? Arguments<A> extends [unknown, ...infer Rest]
    ? (...args: Rest) => Result<R>
    : never
  : never;
