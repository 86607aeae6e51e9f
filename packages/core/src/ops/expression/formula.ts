/** Words to write formulas of the expression language with: `mul(dy, sub(1, square(y)))`. Numbers are constants. */
import type { Binary, DType, Expression, Unary } from '@dendrite/spec';

type Term = Expression | number;
const term = (x: Term): Expression => (typeof x === 'number' ? { constant: x } : x);
const unary =
  (name: Unary) =>
  (x: Term): Expression => ({ unary: name, x: term(x) });
const binary =
  (name: Binary) =>
  (x: Term, y: Term): Expression => ({ binary: name, x: term(x), y: term(y) });

export const input = (i: number): Expression => ({ input: i });
export const argument = (i: number): Expression => ({ argument: i });
/** Write a row's derivatives yourself where it casts between float dtypes: the chain rule does not know its inputs' dtypes. */
export const castTo = (dtype: DType, x: Term): Expression => ({ cast: dtype, x: term(x) });
export const where = (condition: Expression, x: Term, y: Term): Expression => ({
  where: condition,
  x: term(x),
  y: term(y),
});

/** Formula builders by node name: `f.mul(f.exp(x), 2)`. */
export const f: { readonly [U in Unary]: (x: Term) => Expression } & {
  readonly [B in Binary]: (x: Term, y: Term) => Expression;
} & {
  readonly square: (x: Term) => Expression;
  /** x > y */
  readonly gt: (x: Term, y: Term) => Expression;
  readonly ge: (x: Term, y: Term) => Expression;
} = {
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  sqrt: unary('sqrt'),
  exp: unary('exp'),
  expm1: unary('expm1'),
  log: unary('log'),
  log1p: unary('log1p'),
  sin: unary('sin'),
  cos: unary('cos'),
  tan: unary('tan'),
  asin: unary('asin'),
  acos: unary('acos'),
  atan: unary('atan'),
  sinh: unary('sinh'),
  cosh: unary('cosh'),
  tanh: unary('tanh'),
  asinh: unary('asinh'),
  acosh: unary('acosh'),
  atanh: unary('atanh'),
  erf: unary('erf'),
  floor: unary('floor'),
  ceil: unary('ceil'),
  round: unary('round'),
  not: unary('not'),
  isNaN: unary('isNaN'),
  isFinite: unary('isFinite'),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  pow: binary('pow'),
  mod: binary('mod'),
  atan2: binary('atan2'),
  min: binary('min'),
  max: binary('max'),
  lt: binary('lt'),
  le: binary('le'),
  eq: binary('eq'),
  and: binary('and'),
  or: binary('or'),
  square: (x) => ({ binary: 'mul', x: term(x), y: term(x) }),
  gt: (x, y) => ({ binary: 'lt', x: term(y), y: term(x) }),
  ge: (x, y) => ({ binary: 'le', x: term(y), y: term(x) }),
};
