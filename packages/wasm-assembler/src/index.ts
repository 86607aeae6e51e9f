/** @dendrite/wasm-assembler: a typed emitter for WebAssembly modules. */
export type {
  CallStatement,
  FunctionBuilder,
  InstructionStatements,
} from './function-builder/function-builder.ts';
export type { Label } from './function-builder/statement.ts';
export {
  type Instruction,
  type InstructionName,
  instructions,
  type Namespace,
  type StatementNamespace,
} from './instructions/instructions.ts';
export type { ValueType } from './instructions/signatures.ts';
export { listing } from './listing/listing.ts';
export {
  type Callable,
  type FunctionOptions,
  type Locals,
  type MemoryLimits,
  type Parameters,
  type WasmModule,
  wasmModule,
} from './module/wasm-module.ts';
export {
  bytes,
  constant,
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32Atomic,
  i32Rmw,
  i32x4,
  i64,
  i64Atomic,
  i64Rmw,
  i64x2,
  memory,
  memoryAtomic,
  select,
  v128,
} from './value/namespaces.ts';
export type { Expression, Local, Operand, Value } from './value/value.ts';
