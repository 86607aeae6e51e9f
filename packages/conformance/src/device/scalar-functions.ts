/** What each node of the expression language computes, on one number in float64: the judge of every lowering. */
import type { Binary, Unary } from '@dendrite/spec';

const bit = (holds: boolean): number => (holds ? 1 : 0);

/** Half to even. */
function round(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/** Abramowitz and Stegun 7.1.5 up to 3 (a series), 7.1.14 beyond (a continued fraction); about 1e-14. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size > 6) return Math.sign(x);
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum) && n < 200; n++) {
      term *= -(size * size) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-size * size) / (fraction * Math.sqrt(Math.PI)));
}

export const unaryFunctions: Readonly<Record<Unary, (x: number) => number>> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf,
  floor: Math.floor,
  ceil: Math.ceil,
  round,
  not: (x) => bit(x === 0),
  isNaN: (x) => bit(Number.isNaN(x)),
  isFinite: (x) => bit(Number.isFinite(x)),
};

export const binaryFunctions: Readonly<Record<Binary, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  pow: (x, y) => x ** y,
  mod: (x, y) => x - Math.floor(x / y) * y,
  atan2: Math.atan2,
  min: Math.min,
  max: Math.max,
  lt: (x, y) => bit(x < y),
  le: (x, y) => bit(x <= y),
  eq: (x, y) => bit(x === y),
  and: (x, y) => bit(x !== 0 && y !== 0),
  or: (x, y) => bit(x !== 0 || y !== 0),
};

/** Whether an operator takes and gives truth values. */
export const isLogic = (name: string): boolean => name === 'not' || name === 'and' || name === 'or';
export const givesBool = (name: string): boolean =>
  isLogic(name) || ['isNaN', 'isFinite', 'lt', 'le', 'eq'].includes(name);
