/** Derivatives of expressions by the chain rule, as expressions again. */
import type { Binary, DType, Expression, Unary } from '@dendrite/spec';
import { f, where } from './formula.ts';

type Term = Expression;
const zeroAlmostEverywhere = null;

/** d/dx, given x and the node itself. */
const unaryRules: Readonly<Record<Unary, ((x: Term, node: Term) => Term) | null>> = {
  neg: () => f.neg(1),
  abs: (x) => f.sign(x),
  sign: zeroAlmostEverywhere,
  sqrt: (_, y) => f.div(0.5, y),
  exp: (_, y) => y,
  expm1: (x) => f.exp(x),
  log: (x) => f.div(1, x),
  log1p: (x) => f.div(1, f.add(x, 1)),
  sin: (x) => f.cos(x),
  cos: (x) => f.neg(f.sin(x)),
  tan: (_, y) => f.add(f.square(y), 1),
  asin: (x) => f.div(1, f.sqrt(f.sub(1, f.square(x)))),
  acos: (x) => f.div(-1, f.sqrt(f.sub(1, f.square(x)))),
  atan: (x) => f.div(1, f.add(f.square(x), 1)),
  sinh: (x) => f.cosh(x),
  cosh: (x) => f.sinh(x),
  tanh: (_, y) => f.sub(1, f.square(y)),
  asinh: (x) => f.div(1, f.sqrt(f.add(f.square(x), 1))),
  acosh: (x) => f.div(1, f.sqrt(f.sub(f.square(x), 1))),
  atanh: (x) => f.div(1, f.sub(1, f.square(x))),
  erf: (x) => f.mul(2 / Math.sqrt(Math.PI), f.exp(f.neg(f.square(x)))),
  floor: zeroAlmostEverywhere,
  ceil: zeroAlmostEverywhere,
  round: zeroAlmostEverywhere,
  not: zeroAlmostEverywhere,
  isNaN: zeroAlmostEverywhere,
  isFinite: zeroAlmostEverywhere,
};

const half = (cut: Term, x: Term, y: Term): Term => where(cut, 1, where(f.eq(x, y), 0.5, 0));
/** [d/dx, d/dy], given x, y and the node itself. At a tie min and max give each side half. */
const binaryRules: Readonly<Record<Binary, ((x: Term, y: Term, node: Term) => readonly [Term, Term]) | null>> = {
  add: () => [one, one],
  sub: () => [one, f.neg(1)],
  mul: (x, y) => [y, x],
  div: (x, y) => [f.div(1, y), f.neg(f.div(x, f.square(y)))],
  pow: (x, y, node) => [
    where(f.eq(y, 0), 0, f.mul(y, f.pow(x, f.sub(y, 1)))),
    where(f.and(f.eq(x, 0), f.le(0, y)), 0, f.mul(node, f.log(x))),
  ],
  mod: (x, y) => [one, f.neg(f.floor(f.div(x, y)))],
  atan2: (y, x) => [f.div(x, f.add(f.square(x), f.square(y))), f.neg(f.div(y, f.add(f.square(x), f.square(y))))],
  min: (x, y) => [half(f.lt(x, y), x, y), half(f.lt(y, x), x, y)],
  max: (x, y) => [half(f.lt(y, x), x, y), half(f.lt(x, y), x, y)],
  lt: zeroAlmostEverywhere,
  le: zeroAlmostEverywhere,
  eq: zeroAlmostEverywhere,
  and: zeroAlmostEverywhere,
  or: zeroAlmostEverywhere,
};
const one: Term = { constant: 1 };
const isConstant = (e: Term, value: number): boolean => 'constant' in e && e.constant === value;
const isMinusOne = (e: Term): boolean => 'unary' in e && e.unary === 'neg' && isConstant(e.x, 1);

/** a · b, leaving out factors of one. */
function product(a: Term, b: Term): Term {
  if (isConstant(a, 1)) return b;
  if (isConstant(b, 1)) return a;
  if (isMinusOne(b)) return f.neg(a);
  if ('unary' in b && b.unary === 'neg') return f.neg(product(a, b.x));
  // a · (c / y) is a / y for c = 1, and a · c / y otherwise: one rounding less.
  if ('binary' in b && b.binary === 'div' && 'constant' in b.x) return f.div(product(a, b.x), b.y);
  return f.mul(a, b);
}

export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/** ∂e/∂(input k) times `dy`; null where it is zero everywhere. Nothing flows through a cast to an integer. */
function derivative(e: Expression, k: number, dy: Expression): Expression | null {
  if ('input' in e) return e.input === k ? dy : null;
  if ('constant' in e || 'argument' in e) return null;
  if ('cast' in e) return isFloat(e.cast) ? derivative(e.x, k, dy) : null;
  if ('where' in e) {
    const x = derivative(e.x, k, dy);
    const y = derivative(e.y, k, dy);
    return x === null && y === null ? null : where(e.where, x ?? 0, y ?? 0);
  }
  if ('unary' in e) {
    const rule = unaryRules[e.unary];
    return rule === null ? null : derivative(e.x, k, product(dy, rule(e.x, e)));
  }
  const rule = binaryRules[e.binary];
  if (rule === null) return null;
  const [dx, dyy] = rule(e.x, e.y, e);
  const x = derivative(e.x, k, product(dy, dx));
  const y = derivative(e.y, k, product(dy, dyy));
  return x === null ? y : y === null ? x : f.add(x, y);
}

/** Derivatives by the chain rule: for each input the sum over outputs of ∂output/∂input · dy. */
export function chainRule(
  expressions: readonly Expression[],
  inputs: number = countInputs(expressions),
): readonly (Expression | null)[] {
  return Array.from({ length: inputs }, (_, k) => {
    let total: Expression | null = null;
    expressions.forEach((expression, j) => {
      const part = derivative(expression, k, { input: inputs + expressions.length + j });
      if (part !== null) total = total === null ? part : { binary: 'add', x: total, y: part };
    });
    return total;
  });
}

function countInputs(expressions: readonly Expression[]): number {
  let count = 0;
  const walk = (e: Expression): void => {
    if ('input' in e) count = Math.max(count, e.input + 1);
    else if ('where' in e) [e.where, e.x, e.y].forEach(walk);
    else if ('binary' in e) [e.x, e.y].forEach(walk);
    else if ('unary' in e || 'cast' in e) walk(e.x);
  };
  expressions.forEach(walk);
  return count;
}
