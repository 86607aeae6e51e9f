/**
 * A formula as one program in WGSL. A kernel a node costs a dispatch a node, which takes tfjs a tenth of a millisecond on the host:
 * a step of Adam has 20 nodes for each parameter.
 */
import type { DType, Expression, TensorSpec } from '@dendrite/spec';
import { logical } from '../kernels/arithmetic.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { arrayOf, reshaped, type StoredDtype, sizeOf, storedDtype, type Value } from '../kernels/value.ts';
import { indexOf, prelude, webgpuProgram, wgslType } from '../kernels/webgpu-elementwise.ts';
import { type NodeName, nodeFunction } from '../kernels/webgpu-node-functions.ts';
import type { WebgpuBackend } from '../load/tfjs-api.ts';
import type { CommonShapes } from './common-shapes.ts';
import { castNumber, hostBinary, hostUnary } from './host-nodes.ts';

type FromArgs = (args: readonly number[]) => number;
/** A name in WGSL, or a number that is known before the program runs. */
type Term = { readonly name: string; readonly dtype: DType } | { readonly number: FromArgs; readonly fixed: boolean };
type Named = Extract<Term, { readonly name: string }>;
const isNamed = (term: Term): term is Named => 'name' in term;

/**
 * Each node is rounded and nothing is contracted here either: a compiler cannot know that `zero` is 0, so it can neither merge a
 * product into a sum nor turn a comparison round as if there were no NaN. The bits are those of a kernel a node.
 */
const kept = `fn kept_(x : f32) -> f32 { return bitcast<f32>(bitcast<i32>(x) ^ uniforms.zero); }`;

/** Computes the flat output. undefined: one kernel does it as well, or no program can: it would read too many buffers, say. */
export function webgpuFormula(
  kernels: Kernels,
  expression: Expression,
  inputs: readonly TensorSpec[],
  output: TensorSpec,
  shapes: CommonShapes,
): ((inputs: readonly Value[], args: readonly number[]) => Value) | undefined {
  const lines: string[] = [];
  const functions = new Set<string>();
  const read: number[] = [];
  const numbers: { readonly name: string; readonly number: FromArgs; readonly dtype: StoredDtype }[] = [];
  const known = new Map<string, Named>();
  let nodes = 0;
  let complete = true;

  /** A line for each node, but one for equal ones. */
  const line = (code: string, dtype: DType): Named => {
    const key = `${dtype} ${code}`;
    const found = known.get(key);
    if (found) return found;
    const made: Named = { name: `v${known.size}`, dtype };
    known.set(key, made);
    lines.push(`let ${made.name} = ${code};`);
    return made;
  };
  const call = (name: NodeName, of: 'float32' | 'int32', dtype: DType, parts: readonly string[]): Named => {
    nodes++;
    const source = nodeFunction(name, of, parts.length);
    if (source === undefined) complete = false;
    else functions.add(source);
    const result = `${name}_${of}(${parts.join(', ')})`;
    return line(storedDtype(dtype) === 'float32' ? `kept_(${result})` : `(${result} ^ uniforms.zero)`, dtype);
  };
  /** What stands for a term beside values of this dtype. */
  const code = (term: Term, dtype: StoredDtype): string => {
    if (isNamed(term)) return term.name;
    const typed: FromArgs = (args) => arrayOf(dtype, [term.number(args)])[0] ?? 0;
    if (term.fixed) return literal(typed([]), dtype);
    const name = `number${lettersOf(numbers.length)}`;
    numbers.push({ name, number: typed, dtype });
    return `uniforms.${name}`;
  };
  const kindOf = (dtype: DType): 'float32' | 'int32' => (storedDtype(dtype) === 'float32' ? 'float32' : 'int32');

  const lower = (e: Expression): Term => {
    if ('input' in e) {
      let at = read.indexOf(e.input);
      if (at < 0) at = read.push(e.input) - 1;
      const place = indexOf(shapes.inputs[e.input] ?? [], shapes.output);
      return line(`In${at}[${place}]`, inputs[e.input]?.dtype ?? 'float32');
    }
    if ('constant' in e) return { number: () => e.constant, fixed: true };
    if ('argument' in e) return { number: (args) => args[e.argument] ?? Number.NaN, fixed: false };
    if ('cast' in e) return converted(lower(e.x), e.cast);
    if ('unary' in e) {
      const x = lower(e.x);
      if (!isNamed(x)) return { number: (args) => hostUnary(e.unary, x.number(args)), fixed: x.fixed };
      const asks = e.unary === 'isNaN' || e.unary === 'isFinite' || e.unary === 'not';
      return call(e.unary, kindOf(x.dtype), asks ? 'bool' : x.dtype, [x.name]);
    }
    if ('where' in e) {
      const [test, x, y] = [lower(e.where), lower(e.x), lower(e.y)];
      if (!isNamed(test) && test.fixed) return test.number([]) ? x : y;
      const dtype = isNamed(x) ? x.dtype : isNamed(y) ? y.dtype : 'float32';
      const stored = storedDtype(dtype);
      nodes++;
      const condition = isNamed(test)
        ? `${test.name} != ${wgslType(storedDtype(test.dtype))}(0)`
        : `${code(test, 'float32')} != 0.0`;
      return line(`select(${code(y, stored)}, ${code(x, stored)}, ${condition})`, dtype);
    }
    const [x, y] = [lower(e.x), lower(e.y)];
    if (!isNamed(x) && !isNamed(y))
      return { number: (args) => hostBinary(e.binary, x.number(args), y.number(args)), fixed: x.fixed && y.fixed };
    const dtype = isNamed(x) ? x.dtype : isNamed(y) ? y.dtype : 'float32';
    const of = kindOf(dtype);
    return call(e.binary, of, logical.has(e.binary) ? 'bool' : dtype, [code(x, of), code(y, of)]);
  };
  const converted = (x: Term, to: DType): Named => {
    if (!isNamed(x)) {
      // A number that was given a dtype has that one, whatever stands beside it.
      const made: FromArgs = (args) => castNumber(x.number(args), to);
      return line(code({ number: made, fixed: x.fixed }, storedDtype(to)), to);
    }
    if (x.dtype === to) return x;
    const of = kindOf(x.dtype);
    if (to === 'bool') return call('toBool', of, to, [x.name]);
    if (storedDtype(to) === 'float32')
      return of === 'float32' ? { ...x, dtype: to } : call('toFloat', of, to, [x.name]);
    const whole: Named = of === 'int32' ? { ...x, dtype: to } : call('toInt', of, to, [x.name]);
    return to === 'uint8' && x.dtype !== 'bool' ? call('toByte', 'int32', to, [whole.name]) : whole;
  };

  const top = lower(expression);
  if (!isNamed(top)) return undefined;
  const result = storedDtype(top.dtype) === storedDtype(output.dtype) ? top : converted(top, output.dtype);
  const { maxStorageBuffersPerShaderStage } = (kernels.backend as WebgpuBackend).device.limits;
  if (!complete || nodes < 2 || read.length >= maxStorageBuffersPerShaderStage) return undefined;

  const [size, dtype] = [sizeOf(shapes.output), storedDtype(output.dtype)];
  const before = [prelude, kept, ...functions].join('\n');
  const body = [...lines, `return ${result.name};`].join('\n');
  const key = keyOf(`${before}${body}`);
  const given = (kind: 'float32' | 'int32', args: readonly number[]): Record<string, number> =>
    Object.fromEntries(
      numbers.flatMap(({ name, number, dtype }) => (kindOf(dtype) === kind ? [[name, number(args)]] : [])),
    );
  return (values, args) =>
    webgpuProgram(kernels, {
      key,
      inputs: read.map((at) => flat(values[at] as Value)),
      size,
      dtype,
      before,
      body,
      numbers: { zero: 0, ...given('int32', args) },
      floats: given('float32', args),
    });
}

const flat = (value: Value): Value => reshaped(value, [sizeOf(value.shape)]);

/** Short, because tfjs looks a program up by its key at each dispatch. */
function keyOf(source: string): string {
  const key = keys.get(source) ?? `formula ${keys.size}`;
  keys.set(source, key);
  return key;
}
const keys = new Map<string, string>();

const literal = (number: number, dtype: StoredDtype): string => {
  if (dtype !== 'float32') return `(${number})`;
  if (Number.isNaN(number)) return 'uniforms.NAN';
  if (!Number.isFinite(number)) return number > 0 ? 'uniforms.INFINITY' : '(-uniforms.INFINITY)';
  return Object.is(number, -0) ? '(-0.0f)' : `(${number}f)`;
};

/** a, b, … z, ba, …: names of uniforms are small letters. */
const lettersOf = (n: number): string =>
  `${n < 26 ? '' : lettersOf(Math.floor(n / 26))}${String.fromCharCode(97 + (n % 26))}`;
