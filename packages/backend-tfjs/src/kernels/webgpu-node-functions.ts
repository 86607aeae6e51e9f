/** Each node of a formula as a function in WGSL. Bools are i32 there, 0 or 1, and uint8 are i32 too. */
import type { Binary, Unary } from '@dendrite/spec';
import { logical } from './arithmetic.ts';
import { wgslType } from './webgpu-elementwise.ts';
import { webgpuFloatBinary, webgpuIntBinary, webgpuUnary } from './webgpu-nodes.ts';

/** `toByte` keeps the low eight bits. */
type Conversion = 'toBool' | 'toInt' | 'toFloat' | 'toByte';
export type NodeName = Unary | Binary | Conversion;

const nan = 'if (isNaN_(a)) { return a; }';
const nans = `${nan} if (isNaN_(b)) { return b; }`;

/** Nodes of float32 that tfjs's own kernels get right; the others are in `webgpu-nodes.ts`. */
const floats: { readonly [name in NodeName]?: string } = {
  neg: 'return -a;',
  abs: 'return abs(a);',
  sqrt: 'return sqrt(a);',
  asin: 'if (abs(a) > 1.0) { return uniforms.NAN; } return asin(a);',
  acos: 'if (abs(a) > 1.0) { return uniforms.NAN; } return acos(a);',
  atan: `${nan} return atan(a);`,
  // Abramowitz and Stegun, 7.1.26.
  erf: `${nan}
    let t = 1.0 / (1.0 + 0.3275911 * abs(a));
    let p = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
    return sign(a) * (1.0 - p * exp(-a * a));`,
  floor: 'return floor(a);',
  ceil: 'return ceil(a);',
  round: 'return round(a);',
  not: 'return select(0, 1, a == 0.0);',
  isNaN: 'return select(0, 1, isNaN_(a));',
  isFinite: 'return select(1, 0, isNaN_(a) || isInf_(a));',
  add: 'return a + b;',
  sub: 'return a - b;',
  mul: 'return a * b;',
  div: 'return a / b;',
  atan2: `${nans} return atan2(a, b);`,
  min: `${nans} return min(a, b);`,
  max: `${nans} return max(a, b);`,
  lt: 'return select(0, 1, a < b);',
  le: 'return select(0, 1, a <= b);',
  eq: 'return select(0, 1, a == b);',
  and: 'return select(0, 1, a != 0.0 && b != 0.0);',
  or: 'return select(0, 1, a != 0.0 || b != 0.0);',
  toBool: 'return select(0, 1, a != 0.0 || isNaN_(a));',
  toInt: 'return select(i32(a), 0, isNaN_(a) || isInf_(a));',
  ...webgpuUnary,
  ...webgpuFloatBinary,
};
const integers: { readonly [name in NodeName]?: string } = {
  neg: 'return -a;',
  abs: 'return abs(a);',
  sign: 'return sign(a);',
  not: 'return select(0, 1, a == 0);',
  isNaN: 'return 0;',
  isFinite: 'return 1;',
  and: 'return select(0, 1, a != 0 && b != 0);',
  or: 'return select(0, 1, a != 0 || b != 0);',
  toBool: 'return select(0, 1, a != 0);',
  toFloat: 'return f32(a);',
  toByte: 'return a & 255;',
  ...webgpuIntBinary,
};
const bodies = { float32: floats, int32: integers } as const;
const asks: ReadonlySet<NodeName> = new Set<NodeName>([...logical, 'not', 'isNaN', 'isFinite', 'toBool']);

/** `name_dtype(a)` or `name_dtype(a, b)`; undefined where there is no such node of that dtype. */
export function nodeFunction(name: NodeName, of: 'float32' | 'int32', operands: number): string | undefined {
  const body = bodies[of][name];
  if (body === undefined) return undefined;
  const result = name === 'toFloat' ? 'f32' : name === 'toInt' || asks.has(name) ? 'i32' : wgslType(of);
  const parameters = ['a', 'b'].slice(0, operands).map((letter) => `${letter} : ${wgslType(of)}`);
  return `fn ${name}_${of}(${parameters.join(', ')}) -> ${result} { ${body} }`;
}
