/**
 * The nodes of the expression language as tfjs kernels: one row each, and beside it what replaces the row where tfjs errs on
 * a variant. Operands are values, or numbers known on the host; values have one rank, or are scalars, and broadcast.
 */
import type { Binary, Unary } from '@dendrite/spec';
import { castToBool, castToFloat, castToInt } from './convert.ts';
import type { Kernels } from './kernels.ts';
import { broadcast, fill } from './move.ts';
import { reshaped, type StoredDtype, sizeOf, type Value } from './value.ts';
import { webgpuElementwise } from './webgpu-elementwise.ts';
import { webgpuFloatBinary, webgpuIntBinary, webgpuUnary } from './webgpu-nodes.ts';

/** A number known on the host; `cached` when it is part of the formula, not an argument of the call. */
export interface HostNumber {
  readonly number: number;
  readonly cached: boolean;
}
export type Operand = Value | HostNumber;
export const isNumber = (operand: Operand): operand is HostNumber => 'number' in operand;
export const constant = (number: number): HostNumber => ({ number, cached: true });

const unaryKernels: Readonly<Record<Unary, string>> = {
  neg: 'Neg',
  abs: 'Abs',
  sign: 'Sign',
  sqrt: 'Sqrt',
  exp: 'Exp',
  expm1: 'Expm1',
  log: 'Log',
  log1p: 'Log1p',
  sin: 'Sin',
  cos: 'Cos',
  tan: 'Tan',
  asin: 'Asin',
  acos: 'Acos',
  atan: 'Atan',
  sinh: 'Sinh',
  cosh: 'Cosh',
  tanh: 'Tanh',
  asinh: 'Asinh',
  acosh: 'Acosh',
  atanh: 'Atanh',
  erf: 'Erf',
  floor: 'Floor',
  ceil: 'Ceil',
  round: 'Round',
  not: 'LogicalNot',
  isNaN: 'IsNan',
  isFinite: 'IsFinite',
};

const binaryKernels: Readonly<Record<Binary, string>> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Multiply',
  div: 'RealDiv',
  pow: 'Pow',
  mod: 'Mod',
  atan2: 'Atan2',
  min: 'Minimum',
  max: 'Maximum',
  lt: 'Less',
  le: 'LessEqual',
  eq: 'Equal',
  and: 'LogicalAnd',
  or: 'LogicalOr',
};

export const logical: ReadonlySet<Binary> = new Set(['lt', 'le', 'eq', 'and', 'or']);

export function unary(kernels: Kernels, name: Unary, x: Value): Value {
  if (x.dtype !== 'float32') {
    if (name === 'isNaN') return fill(kernels, x.shape, 0, 'bool');
    if (name === 'isFinite') return fill(kernels, x.shape, 1, 'bool');
  }
  if (kernels.variant === 'webgpu') {
    const body =
      x.dtype === 'int32'
        ? { neg: 'return -a;', abs: 'return abs(a);', sign: 'return sign(a);' }[name as 'neg']
        : webgpuUnary[name];
    if (body !== undefined) return webgpuElementwise(kernels, `${name} ${x.dtype}`, body, [x], x.shape, x.dtype);
  } else {
    // Through float32 in tfjs, which is exact to 2^24 only.
    if (x.dtype === 'int32' && name === 'neg') return binary(kernels, 'sub', constant(0), x);
    if (x.dtype === 'int32' && name === 'abs') return binary(kernels, 'max', binary(kernels, 'sub', constant(0), x), x);
    if (x.dtype === 'float32' && name === 'sign') return sign(kernels, x);
    if (kernels.variant === 'wasm' && name === 'log1p') return wasmLog1p(kernels, x);
    if (kernels.variant === 'wasm' && name === 'tanh') return wasmTanh(kernels, x);
  }
  return kernels.runFlat(unaryKernels[name], x);
}

/** tfjs: sign(NaN) = 0, and on WASM sign(1e-20) = 0. */
function sign(kernels: Kernels, x: Value): Value {
  const above = castToFloat(kernels, binary(kernels, 'lt', constant(0), x));
  const below = castToFloat(kernels, binary(kernels, 'lt', x, constant(0)));
  return select(kernels, unary(kernels, 'isNaN', x), x, binary(kernels, 'sub', above, below), x.shape);
}

/** tfjs takes log(1 + x), 1e-4 off at x = 1e-4. Kahan: log(u)·x/(u − 1) with u = 1 + x, which is x where u is 1. */
function wasmLog1p(kernels: Kernels, x: Value): Value {
  const u = binary(kernels, 'add', x, constant(1));
  const d = binary(kernels, 'sub', u, constant(1));
  const log = unary(kernels, 'log', u);
  const plain = binary(
    kernels,
    'or',
    binary(kernels, 'eq', d, constant(0)),
    unary(kernels, 'not', unary(kernels, 'isFinite', x)),
  );
  const corrected = binary(kernels, 'mul', log, binary(kernels, 'div', x, d));
  const edge = select(kernels, unary(kernels, 'isFinite', x), x, log, x.shape);
  return select(kernels, plain, edge, corrected, x.shape);
}

/**
 * tfjs's Tanh takes 15 ns an element, seven times this: −e / (2 + e) with e = exp(−2|x|) − 1, exact near 0, times the sign
 * of x. Elu is the kernel that has exp(x) − 1.
 */
function wasmTanh(kernels: Kernels, x: Value): Value {
  const flat = reshaped(x, [sizeOf(x.shape)]);
  const e = kernels.run('Elu', { x: binary(kernels, 'mul', unary(kernels, 'abs', flat), constant(-2)) }, { alpha: 1 });
  const size = binary(kernels, 'div', e, binary(kernels, 'add', e, constant(2)));
  // Clipping makes ∞ a number, and NaN too: NaN comes through e.
  const near = kernels.run('ClipByValue', { x: flat }, { clipValueMin: -20, clipValueMax: 20 });
  const over = binary(kernels, 'add', unary(kernels, 'abs', near), constant(1e-37));
  const turned = binary(kernels, 'div', unary(kernels, 'neg', near), over);
  return reshaped(binary(kernels, 'mul', size, turned), x.shape);
}

export function binary(kernels: Kernels, name: Binary, x: Operand, y: Operand): Value {
  const dtype = isNumber(x) ? (isNumber(y) ? 'float32' : y.dtype) : x.dtype;
  if (dtype === 'bool' && name !== 'and' && name !== 'or') {
    const whole = (operand: Operand): Operand => (isNumber(operand) ? operand : castToInt(kernels, operand));
    return binary(kernels, name, whole(x), whole(y));
  }
  let a = operandValue(kernels, x, dtype);
  let b = operandValue(kernels, y, dtype);
  const shape = stretchedShape(a, b);
  if (shape.length > 1) {
    const together = sizeOf(a.shape) * sizeOf(b.shape) === sizeOf(shape) ** 2;
    // Operands of one shape and scalars are lists; so are those with more axes than tfjs's kernels broadcast over.
    if (together || sizeOf(a.shape) === 1 || sizeOf(b.shape) === 1 || shape.length > 4) {
      const list = (value: Value): Value =>
        sizeOf(value.shape) === 1 ? reshaped(value, []) : reshaped(broadcast(kernels, value, shape), [sizeOf(shape)]);
      if (sizeOf(shape) > 1) {
        [a, b] = [list(a), list(b)];
        return reshaped(binary(kernels, name, isNumber(x) ? x : a, isNumber(y) ? y : b), shape);
      }
    }
  }
  if (kernels.variant === 'webgpu') {
    const body = dtype === 'int32' ? webgpuIntBinary[name] : dtype === 'float32' ? webgpuFloatBinary[name] : undefined;
    if (body !== undefined)
      return webgpuElementwise(
        kernels,
        `${name} ${dtype}`,
        body,
        [a, b],
        stretchedShape(a, b),
        logical.has(name) ? 'bool' : dtype,
      );
  }
  if (name === 'mod' && dtype === 'int32') return intMod(kernels, a, b);
  if (name === 'mod' && dtype === 'float32' && !(isNumber(y) && Number.isFinite(y.number)))
    return floatMod(kernels, a, b);
  if (
    name === 'mul' &&
    dtype === 'int32' &&
    kernels.variant === 'cpu' &&
    !(isNumber(y) && Math.abs(y.number) < 2 ** 21)
  )
    return cpuIntProduct(kernels, a, b);
  if (kernels.variant === 'wasm') {
    if ((name === 'min' || name === 'max') && dtype === 'float32') return wasmExtreme(kernels, name, x, y, a, b);
    if (name === 'pow' && !(isNumber(y) && Number.isFinite(y.number))) return wasmPow(kernels, a, b);
  }
  return kernels.run(binaryKernels[name], { a, b });
}

/** tfjs's WASM kernels give the first operand when the second is NaN. Its Relu would be faster for max(x, 0), but makes 0 of ∞ − ∞. */
function wasmExtreme(kernels: Kernels, name: 'min' | 'max', x: Operand, y: Operand, a: Value, b: Value): Value {
  const kernel = binaryKernels[name];
  if (isNumber(y) && !Number.isNaN(y.number)) return kernels.run(kernel, { a, b });
  if (isNumber(x) && !Number.isNaN(x.number)) return kernels.run(kernel, { a: b, b: a });
  const plain = kernels.run(kernel, { a, b });
  return select(kernels, unary(kernels, 'isNaN', b), b, plain, plain.shape);
}

/** C's pow(1, NaN) is 1 and pow(±1, ±∞) is 1; here both are NaN, as in JavaScript. */
function wasmPow(kernels: Kernels, a: Value, b: Value): Value {
  const plain = kernels.run('Pow', { a, b });
  const one = binary(kernels, 'eq', unary(kernels, 'abs', a), constant(1));
  const lost = binary(kernels, 'and', one, unary(kernels, 'not', unary(kernels, 'isFinite', b)));
  return select(kernels, lost, constant(Number.NaN), plain, plain.shape);
}

/** tfjs: a number mod ±∞ of the other sign is NaN. It is that infinity, as in Python: the remainder has the divisor's sign. */
function floatMod(kernels: Kernels, a: Value, b: Value): Value {
  const plain = kernels.run('Mod', { a, b });
  const above = binary(
    kernels,
    'and',
    binary(kernels, 'lt', constant(0), a),
    binary(kernels, 'eq', b, constant(-Infinity)),
  );
  const below = binary(
    kernels,
    'and',
    binary(kernels, 'lt', a, constant(0)),
    binary(kernels, 'eq', b, constant(Infinity)),
  );
  const other = binary(kernels, 'and', binary(kernels, 'or', above, below), unary(kernels, 'isFinite', a));
  const zero = binary(
    kernels,
    'and',
    binary(kernels, 'eq', a, constant(0)),
    binary(kernels, 'eq', unary(kernels, 'abs', b), constant(Infinity)),
  );
  return select(kernels, other, b, select(kernels, zero, a, plain, plain.shape), plain.shape);
}

/** tfjs's cpu multiplies in float64, exact to 2^53: so by the low and the high half of `b`. */
function cpuIntProduct(kernels: Kernels, a: Value, b: Value): Value {
  const low = binary(kernels, 'mod', b, constant(65536));
  const high = kernels.run('RealDiv', { a: binary(kernels, 'sub', b, low), b: kernels.scalar(65536, 'int32', true) });
  const upper = kernels.run('Multiply', {
    a: kernels.run('Multiply', { a, b: high }),
    b: kernels.scalar(65536, 'int32', true),
  });
  return binary(kernels, 'add', upper, kernels.run('Multiply', { a, b: low }));
}

/** A remainder by 0 is 0; tfjs's WASM traps on it and is lost. */
function intMod(kernels: Kernels, a: Value, b: Value): Value {
  const zero = binary(kernels, 'eq', b, constant(0));
  const divisor = binary(kernels, 'add', b, castToInt(kernels, zero)); // 0 becomes 1, whose remainders are 0
  return kernels.run('Mod', { a, b: divisor });
}

/** `condition ? x : y`, broadcast to `shape`. */
export function select(kernels: Kernels, condition: Value, x: Operand, y: Operand, shape: readonly number[]): Value {
  const dtype = isNumber(x) ? (isNumber(y) ? 'float32' : y.dtype) : x.dtype;
  if (kernels.variant === 'webgpu')
    return webgpuElementwise(
      kernels,
      `where ${dtype}`,
      'return select(c, b, a != 0);',
      [condition, operandValue(kernels, x, dtype), operandValue(kernels, y, dtype)],
      shape,
      dtype,
    );
  if (sizeOf(condition.shape) === 1) {
    // One condition for all is read at once: half of every optimizer step asks whether to proceed.
    const chosen = kernels.readNow(condition)[0] ? x : y;
    return isNumber(chosen) ? fill(kernels, shape, chosen.number, dtype) : broadcast(kernels, chosen, shape);
  }
  const full = (operand: Operand): Value =>
    isNumber(operand) ? fill(kernels, shape, operand.number, dtype) : broadcast(kernels, operand, shape);
  // tfjs's WASM Select reads bools as four bytes each.
  if (dtype === 'bool' && kernels.variant === 'wasm') {
    const chosen = kernels.run('Select', {
      condition: broadcast(kernels, condition, shape),
      t: castToInt(kernels, full(x)),
      e: castToInt(kernels, full(y)),
    });
    return castToBool(kernels, chosen);
  }
  return kernels.run('Select', { condition: broadcast(kernels, condition, shape), t: full(x), e: full(y) });
}

export const operandValue = (kernels: Kernels, operand: Operand, dtype: StoredDtype): Value =>
  isNumber(operand) ? kernels.scalar(operand.number, dtype, operand.cached) : operand;

function stretchedShape(a: Value, b: Value): readonly number[] {
  if (sizeOf(a.shape) === 1 && a.shape.length <= b.shape.length) return b.shape;
  if (sizeOf(b.shape) === 1 && b.shape.length <= a.shape.length) return a.shape;
  return a.shape.map((length, axis) => (length === 1 ? (b.shape[axis] ?? 1) : length));
}
