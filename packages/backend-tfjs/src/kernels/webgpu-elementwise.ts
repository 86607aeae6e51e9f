/**
 * Element-wise programs in WGSL that tfjs's WebGPU backend runs for us, for the nodes its own kernels get wrong: int32
 * arithmetic (theirs goes through float32, exact to 2^24 only) and functions whose value at NaN, ±Inf or 0 their shaders lose.
 */
import type { Kernels } from './kernels.ts';
import { type StoredDtype, sizeOf, type Value } from './value.ts';

const letters = ['a', 'b', 'c'] as const;
export const wgslType = (dtype: StoredDtype): string => (dtype === 'float32' ? 'f32' : 'i32');

/** Bit patterns, because a shader compiler may assume that there are no NaNs. */
export const prelude = `
fn isNaN_(x : f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn isInf_(x : f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }
fn log1p_(x : f32) -> f32 {
  if (abs(x) < 0.06) { return x * (1.0 - x * (1.0 / 2.0 - x * (1.0 / 3.0 - x * (1.0 / 4.0 - x * (1.0 / 5.0 - x / 6.0))))); }
  return log(1.0 + x);
}
`;

/**
 * `body` is WGSL that returns the result from `a`, `b`, `c`, one of each input (bools are i32, 0 or 1). Inputs have the
 * output's rank and stretch where their length is 1, or have one element.
 */
export function webgpuElementwise(
  kernels: Kernels,
  key: string,
  body: string,
  inputs: readonly Value[],
  shape: readonly number[],
  dtype: StoredDtype,
): Value {
  const at = inputs.map((input) => indexOf(input.shape, shape));
  const parameters = inputs.map((input, i) => `${letters[i]} : ${wgslType(input.dtype)}`).join(', ');
  const value = webgpuProgram(kernels, {
    key: `${key} ${at.join(';')}`,
    inputs: inputs.map((input) => ({ ...input, shape: [sizeOf(input.shape)] })),
    size: sizeOf(shape),
    dtype,
    before: `${prelude}
fn value_(${parameters}) -> ${wgslType(dtype)} { ${body} }`,
    body: `return value_(${at.map((place, i) => `In${i}[${place}]`).join(', ')});`,
  });
  return { ...value, shape: [...shape] };
}

export interface Program {
  /** Tells the program from all others, but for its numbers. */
  readonly key: string;
  /** Lists, `In0`, `In1`, … in WGSL. */
  readonly inputs: Value[];
  /** Number of the output's elements. */
  readonly size: number;
  readonly dtype: StoredDtype;
  /** WGSL that returns the element at `index`. */
  readonly body: string;
  /** WGSL in front of it. */
  readonly before?: string;
  /** i32 numbers, `uniforms.name` in WGSL (small letters only), so that others need no new program. */
  readonly numbers?: { readonly [name: string]: number };
  /** f32 numbers, likewise. */
  readonly floats?: { readonly [name: string]: number };
}

/** A list whose every element is computed by one invocation. */
export function webgpuProgram(
  kernels: Kernels,
  { key, inputs, size, dtype, body, before = '', numbers = {}, floats = {} }: Program,
): Value {
  const names = inputs.map((_, i) => `In${i}`);
  const uniforms = [
    ...Object.entries(numbers).map(([name, number]) => ({ name, number, type: 'int32', wgsl: 'i32' }) as const),
    ...Object.entries(floats).map(([name, number]) => ({ name, number, type: 'float32', wgsl: 'f32' }) as const),
  ];
  return kernels.runProgram(
    {
      variableNames: names,
      outputShape: [size],
      shaderKey: `dendrite ${key}`,
      dispatchLayout: { x: [0] },
      dispatch: [Math.ceil(size / 64), 1, 1],
      workgroupSize: [64, 1, 1],
      size: true,
      uniforms: uniforms.map(({ name, wgsl }) => `${name} : ${wgsl},`).join(' '),
      getUserCode: () => `${before}
fn element_(index : i32) -> ${wgslType(dtype)} { ${body} }
fn main(index : i32) {
  if (index < uniforms.size) { result[index] = element_(index); }
}`,
    },
    inputs,
    dtype,
    uniforms.map(({ type, number }) => ({ type, data: [number] })),
  );
}

/** Where in an input the element for output index `index` lies, as WGSL. */
export function indexOf(input: readonly number[], output: readonly number[]): string {
  const size = sizeOf(input);
  if (size === 1) return '0';
  if (size === sizeOf(output)) return 'index';
  const lead = output.length - input.length;
  const terms: string[] = [];
  let inStride = 1;
  let outStride = 1;
  for (let axis = output.length - 1; axis >= 0; axis--) {
    const length = input[axis - lead] ?? 1;
    const full = output[axis] ?? 1;
    if (length !== 1) terms.push(`(index / ${outStride} % ${full}) * ${inStride}`);
    inStride *= length;
    outStride *= full;
  }
  return terms.join(' + ');
}
