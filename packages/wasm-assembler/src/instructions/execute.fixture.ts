/** Runs one instruction on given operands: a module of its own, operands as arguments (vectors through memory). */
import { wasmModule } from '../module/wasm-module.ts';
import { asValue, instructionNamed, instructionNode, type Value } from '../value/value.ts';
import { instructions } from './instructions.ts';
import { letters, type ValueType } from './signatures.ts';

export type Given = number | bigint | readonly number[];
/** Where the test's bytes lie; vectors of operands and the result lie below. */
export const data = 256;

/** The result (a vector as its 16 bytes, nothing for a statement), and the memory afterwards. */
export function execute(
  name: string,
  given: readonly Given[],
  before: readonly number[] = [],
): { readonly result: number | bigint | number[] | undefined; readonly memory: Uint8Array } {
  const signature = instructions.get(name)?.signature ?? '>';
  const [left = '', right = ''] = signature.split('>');
  const m = wasmModule();
  const shared = name.includes('atomic');
  m.memory({ initial: 1, ...(shared && { maximum: 1, shared }), exportAs: 'memory' });
  const parameters: Record<string, ValueType> = {};
  const kinds = [...left].filter((letter) => letter !== 'z');
  kinds.forEach((letter, i) => {
    const type = letters[letter];
    if (type !== undefined && type !== 'v128') parameters[`p${i}`] = type;
  });
  const resultType = letters[right];
  const scalar = resultType === 'v128' ? undefined : resultType;
  const options: { parameters: Record<string, ValueType>; result?: ValueType } = {
    parameters,
    ...(scalar && { result: scalar }),
  };
  m.function('run', options as { parameters: Record<string, ValueType>; result: ValueType }, (f, locals) => {
    const args = kinds.map((letter, i): unknown => {
      if (letter === 'v') return asValue('v128', instructionNode(instructionNamed('v128.load'), 16 * i));
      return letter in letters ? locals[`p${i}`] : given[i];
    });
    const node = instructionNode(instructionNamed(name), ...args);
    if (resultType === 'v128') f.v128.store(128, asValue('v128', node));
    if (resultType === undefined) f.do({ '~call': node });
    return (scalar === undefined ? undefined : asValue(scalar, node)) as Value<ValueType>;
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(m.toBytes()));
  const { run, memory } = instance.exports as {
    run: (...args: unknown[]) => number | bigint;
    memory: WebAssembly.Memory;
  };
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(before, data);
  kinds.forEach((letter, i) => {
    if (letter === 'v') bytes.set(given[i] as readonly number[], 16 * i);
  });
  const result = run(...kinds.flatMap((letter, i) => (letter in letters && letter !== 'v' ? [given[i]] : [])));
  return {
    result: resultType === 'v128' ? [...new Uint8Array(memory.buffer, 128, 16)] : result,
    memory: new Uint8Array(memory.buffer).slice(),
  };
}

type Shape = 'i8x16' | 'i16x8' | 'i32x4' | 'i64x2' | 'f32x4' | 'f64x2';
/** A vector's 16 bytes from its lanes; whole numbers wrap. */
export function lanes(shape: Shape, values: readonly (number | bigint)[]): number[] {
  const view = new DataView(new ArrayBuffer(16));
  values.forEach((value, i) => {
    if (shape === 'i64x2') view.setBigInt64(8 * i, BigInt.asIntN(64, BigInt(value)), true);
    else if (shape === 'f64x2') view.setFloat64(8 * i, Number(value), true);
    else if (shape === 'f32x4') view.setFloat32(4 * i, Number(value), true);
    else if (shape === 'i32x4') view.setInt32(4 * i, Number(BigInt.asIntN(32, BigInt(value))), true);
    else if (shape === 'i16x8') view.setInt16(2 * i, Number(BigInt.asIntN(16, BigInt(value))), true);
    else view.setInt8(i, Number(BigInt.asIntN(8, BigInt(value))));
  });
  return [...new Uint8Array(view.buffer)];
}
