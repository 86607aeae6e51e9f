/**
 * One loop for each node of the expression language. They are written out, not made from a function of an element: a call in
 * the loop costs more than the arithmetic.
 */
import type { Binary, DType, HostArray, Unary } from '@dendrite/spec';
import { erf, roundToEven } from './special-functions.ts';

export type Loop1 = (n: number, o: HostArray, p: number, a: HostArray, i: number) => void;
export type Loop2 = (n: number, o: HostArray, p: number, a: HostArray, i: number, b: HostArray, j: number) => void;
export type Loop3 = (
  n: number,
  o: HostArray,
  p: number,
  a: HostArray,
  i: number,
  b: HostArray,
  j: number,
  c: HostArray,
  k: number,
) => void;
export type Loop4 = (
  n: number,
  o: HostArray,
  p: number,
  a: HostArray,
  i: number,
  b: HostArray,
  j: number,
  c: HostArray,
  k: number,
  d: HostArray,
  l: number,
) => void;
export type Loop = Loop1 | Loop2 | Loop3 | Loop4;

const one =
  (f: (x: number) => number): Loop1 =>
  (n, o, p, a, i) => {
    for (let e = 0; e < n; e++) o[p + e] = f(a[i + e] as number);
  };
const two =
  (f: (x: number, y: number) => number): Loop2 =>
  (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = f(a[i + e] as number, b[j + e] as number);
  };

const unary: Readonly<Record<Unary, Loop1>> = {
  neg: (n, o, p, a, i) => {
    for (let e = 0; e < n; e++) o[p + e] = -(a[i + e] as number);
  },
  abs: (n, o, p, a, i) => {
    for (let e = 0; e < n; e++) o[p + e] = Math.abs(a[i + e] as number);
  },
  sqrt: (n, o, p, a, i) => {
    for (let e = 0; e < n; e++) o[p + e] = Math.sqrt(a[i + e] as number);
  },
  exp: (n, o, p, a, i) => {
    for (let e = 0; e < n; e++) o[p + e] = Math.exp(a[i + e] as number);
  },
  log: (n, o, p, a, i) => {
    for (let e = 0; e < n; e++) o[p + e] = Math.log(a[i + e] as number);
  },
  tanh: (n, o, p, a, i) => {
    for (let e = 0; e < n; e++) o[p + e] = Math.tanh(a[i + e] as number);
  },
  sign: one(Math.sign),
  expm1: one(Math.expm1),
  log1p: one(Math.log1p),
  sin: one(Math.sin),
  cos: one(Math.cos),
  tan: one(Math.tan),
  asin: one(Math.asin),
  acos: one(Math.acos),
  atan: one(Math.atan),
  sinh: one(Math.sinh),
  cosh: one(Math.cosh),
  asinh: one(Math.asinh),
  acosh: one(Math.acosh),
  atanh: one(Math.atanh),
  erf: one(erf),
  floor: one(Math.floor),
  ceil: one(Math.ceil),
  round: one(roundToEven),
  not: one((x) => (x ? 0 : 1)),
  isNaN: one((x) => (Number.isNaN(x) ? 1 : 0)),
  isFinite: one((x) => (Number.isFinite(x) ? 1 : 0)),
};

const binary: Readonly<Record<Binary, Loop2>> = {
  add: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = (a[i + e] as number) + (b[j + e] as number);
  },
  sub: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = (a[i + e] as number) - (b[j + e] as number);
  },
  mul: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = (a[i + e] as number) * (b[j + e] as number);
  },
  div: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = (a[i + e] as number) / (b[j + e] as number);
  },
  lt: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = (a[i + e] as number) < (b[j + e] as number) ? 1 : 0;
  },
  le: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = (a[i + e] as number) <= (b[j + e] as number) ? 1 : 0;
  },
  eq: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = (a[i + e] as number) === (b[j + e] as number) ? 1 : 0;
  },
  min: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = Math.min(a[i + e] as number, b[j + e] as number);
  },
  max: (n, o, p, a, i, b, j) => {
    for (let e = 0; e < n; e++) o[p + e] = Math.max(a[i + e] as number, b[j + e] as number);
  },
  and: two((x, y) => x & y),
  or: two((x, y) => x | y),
  pow: two((x, y) => x ** y),
  mod: two((x, y) => {
    const r = x % y;
    return r !== 0 && r < 0 !== y < 0 ? r + y : r;
  }),
  atan2: two(Math.atan2),
};
/** Products of int32 need all 32 bits. */
const integerProduct: Loop2 = two(Math.imul);

const copy: Loop1 = (n, o, p, a, i) => {
  for (let e = 0; e < n; e++) o[p + e] = a[i + e] as number;
};
/** To an integer: towards zero, NaN to 0, which is what typed arrays do. */
const toBool: Loop1 = one((x) => (x !== 0 ? 1 : 0));
const where: Loop3 = (n, o, p, a, i, b, j, c, k) => {
  for (let e = 0; e < n; e++) o[p + e] = (a[i + e] ? b[j + e] : c[k + e]) as number;
};

/** `a < b ? c : d`. */
export const whereLess: Loop4 = (n, o, p, a, i, b, j, c, k, d, l) => {
  for (let e = 0; e < n; e++) o[p + e] = ((a[i + e] as number) < (b[j + e] as number) ? c[k + e] : d[l + e]) as number;
};

/** The loop of a node whose operands (for a cast: whose result) have this dtype. */
export function loopFor(code: Unary | Binary | 'where' | 'cast' | 'copy', dtype: DType): Loop {
  if (code === 'where') return where;
  if (code === 'copy') return copy;
  if (code === 'cast') return dtype === 'bool' ? toBool : copy;
  if (code === 'mul' && dtype === 'int32') return integerProduct;
  return code in unary ? unary[code as Unary] : binary[code as Binary];
}
