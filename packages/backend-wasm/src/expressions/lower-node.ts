/** One expression as vector instructions: float32 and int32 in four lanes, a bool as a mask of all ones. */
import type { Binary, DType, Expression, Unary } from '@dendrite/spec';
import { type Callable, f32, f32x4, f64, i32, i32x4, i64, type Value, v128 } from '@dendrite/wasm-assembler';
import {
  circle,
  circleEnd,
  erf,
  exp,
  expm1,
  float,
  largerOf,
  log,
  log1p,
  type Site,
  smallerOf,
  tanh,
  type Vector,
  whole,
} from '@dendrite/wasm-assembler/elementary';

export type Lane = 'float32' | 'int32' | 'bool';
const lanes: ReadonlySet<DType> = new Set<Lane>(['float32', 'int32', 'bool']);
/** What is stored: a byte is the lowest of a whole number. */
export type Stored = Lane | 'uint8';
export const isStored = (dtype: DType | undefined): dtype is Stored => dtype === 'uint8' || isLane(dtype);
export const isLane = (dtype: DType | undefined): dtype is Lane => dtype !== undefined && lanes.has(dtype);

type Math1 = Callable<{ readonly x: 'f64' }, 'f64'>;
type Math2 = Callable<{ readonly x: 'f64'; readonly y: 'f64' }, 'f64'>;
export interface Lowering extends Site {
  readonly dtypes: readonly DType[];
  /** The four elements of input `i` at hand. */
  input(i: number): Vector;
  argument(i: number, lane: Lane): Vector;
  /** Functions of the host, one lane at a time. */
  host1(name: Unary): Math1;
  host2(name: Binary): Math2;
  /** Values that are already in a register. */
  readonly known: Map<string, Vector>;
}

/** Unary functions that have no instructions of ours; the host's Math has them. */
export const hostUnary: ReadonlySet<Unary> = new Set<Unary>([
  ...(['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh'] as const),
  ...(['asinh', 'acosh', 'atanh'] as const),
]);
export const hostBinary: ReadonlySet<Binary> = new Set<Binary>(['pow', 'mod', 'atan2']);

/** Thrown inside a lowering: this device leaves the expression to the JavaScript loop. */
export class CannotLower extends Error {}
const cannot = (): never => {
  throw new CannotLower();
};

/** The dtype that a node has by itself; undefined for constants and arguments, which take their context's. */
export function dtypeOf(e: Expression, inputs: readonly DType[]): DType | undefined {
  if ('input' in e) return inputs[e.input];
  if ('constant' in e || 'argument' in e) return undefined;
  if ('cast' in e) return e.cast;
  if ('where' in e) return dtypeOf(e.x, inputs) ?? dtypeOf(e.y, inputs);
  if ('unary' in e)
    return e.unary === 'isNaN' || e.unary === 'isFinite' || e.unary === 'not' ? 'bool' : dtypeOf(e.x, inputs);
  const givesBool = ['lt', 'le', 'eq', 'and', 'or'].includes(e.binary);
  return givesBool ? 'bool' : (dtypeOf(e.x, inputs) ?? dtypeOf(e.y, inputs));
}

/** A formula as it is stored. */
export function lowerStored(site: Lowering, e: Expression, stored: Stored): Vector {
  if ((dtypeOf(e, site.dtypes) ?? stored) !== stored) return cannot();
  if (stored !== 'uint8') return lowerNode(site, e, stored);
  return 'cast' in e ? lowerNode(site, { cast: 'int32', x: e.x }, 'int32') : cannot();
}

/** `context`: the dtype of a node that has none by itself. */
export function lowerNode(site: Lowering, e: Expression, context: Lane): Vector {
  const lane = dtypeOf(e, site.dtypes) ?? context;
  if (!isLane(lane)) return cannot();
  if ('constant' in e) return constant(site, e.constant, lane);
  if ('argument' in e) return site.argument(e.argument, lane);
  const key = `${lane}:${JSON.stringify(e)}`;
  const before = site.known.get(key);
  if (before) return before;
  const made = 'input' in e ? site.input(e.input) : site.f.let(compute(site, e, lane));
  site.known.set(key, made);
  return made;
}

function constant(site: Site, value: number, lane: Lane): Vector {
  if (lane === 'float32') return float(site, value);
  return whole(site, lane === 'bool' ? (value === 0 ? 0 : -1) : Math.trunc(value) | 0);
}

type Computed = Exclude<
  Expression,
  { readonly input: number } | { readonly constant: number } | { readonly argument: number }
>;

function compute(site: Lowering, e: Computed, lane: Lane): Vector {
  const own = (x: Expression): Lane | undefined => {
    const dtype = dtypeOf(x, site.dtypes);
    return dtype === undefined ? undefined : isLane(dtype) ? dtype : cannot();
  };
  if ('cast' in e) {
    if ('input' in e.x && site.dtypes[e.x.input] === 'uint8') return castTo(site, site.input(e.x.input), 'int32', lane);
    const from = own(e.x) ?? (lane === 'int32' ? 'int32' : 'float32');
    return castTo(site, lowerNode(site, e.x, from), from, lane);
  }
  if ('where' in e) {
    const bound = lane === 'float32' ? lowerBound(e) : undefined;
    if (bound !== undefined) return f32x4.pmax(lowerNode(site, e.y, lane), float(site, bound));
    const mask = lowerNode(site, e.where, 'bool');
    return v128.bitselect(lowerNode(site, e.x, lane), lowerNode(site, e.y, lane), mask);
  }
  if ('unary' in e) {
    const from = own(e.x) ?? (e.unary === 'not' ? 'bool' : lane === 'bool' ? 'float32' : lane);
    return unary(site, e.unary, lowerNode(site, e.x, from), from);
  }
  // A remainder with the divisor's sign, by a power of two, is the lower bits.
  if (e.binary === 'mod' && lane === 'int32' && 'constant' in e.y && Math.log2(e.y.constant) % 1 === 0)
    return v128.and(lowerNode(site, e.x, lane), whole(site, e.y.constant - 1));
  const logic = e.binary === 'and' || e.binary === 'or';
  const from = own(e.x) ?? own(e.y) ?? (logic ? 'bool' : lane === 'bool' ? 'float32' : lane);
  return binary(site, e.binary, lowerNode(site, e.x, from), lowerNode(site, e.y, from), from);
}

/** `x < c ? c : x` with a constant c, as relu has it: one instruction, which keeps a NaN in x. */
function lowerBound({ where, x, y }: Extract<Expression, { readonly where: unknown }>): number | undefined {
  if (!('binary' in where) || where.binary !== 'lt' || !('constant' in x) || !('constant' in where.y)) return undefined;
  return where.y.constant === x.constant && JSON.stringify(where.x) === JSON.stringify(y) ? x.constant : undefined;
}

function castTo(site: Site, x: Vector, from: Lane, to: Lane): Vector {
  if (from === to) return x;
  if (to === 'bool') return from === 'float32' ? f32x4.ne(x, float(site, 0)) : i32x4.ne(x, whole(site, 0));
  if (from === 'bool') return v128.and(x, to === 'float32' ? float(site, 1) : whole(site, 1));
  return to === 'int32' ? towardsZero(site, x) : f32x4.convert_i32x4_s(x);
}

/** As a typed array has it: out of range it wraps around, what is no number is 0. The instructions do something else there. */
function towardsZero(site: Site, x: Vector): Vector {
  const { f } = site;
  const size = f.let(f32x4.abs(x));
  const made = f.let(site.relaxed ? i32x4.relaxed_trunc_f32x4_s(x) : i32x4.trunc_sat_f32x4_s(x));
  f.if(i32x4.bitmask(f32x4.lt(size, float(site, 2 ** 31))).ne(15), () => {
    for (const lane of [0, 1, 2, 3])
      made.set(i32x4.replace_lane(made, i32.wrap_i64(i64.trunc_sat_f32_s(f32x4.extract_lane(x, lane))), lane));
    // From 2⁵⁶ on floats are multiples of 2³², and behind 2⁶³ the wide instruction saturates too.
    made.set(v128.and(made, f32x4.lt(size, float(site, 2 ** 56))));
  });
  return made;
}

function unary(site: Lowering, name: Unary, x: Vector, from: Lane): Vector {
  if (name === 'not') return v128.not(x);
  if (from === 'int32') {
    if (name === 'neg') return i32x4.neg(x);
    return name === 'abs' ? i32x4.abs(x) : cannot();
  }
  if (from === 'bool') return cannot();
  switch (name) {
    case 'neg':
      return f32x4.neg(x);
    case 'abs':
      return f32x4.abs(x);
    case 'sqrt':
      return f32x4.sqrt(x);
    case 'floor':
      return f32x4.floor(x);
    case 'ceil':
      return f32x4.ceil(x);
    case 'round':
      return f32x4.nearest(x);
    case 'isNaN':
      return f32x4.ne(x, x);
    case 'isFinite':
      return f32x4.lt(f32x4.abs(x), float(site, Number.POSITIVE_INFINITY));
    case 'sign': {
      const positive = v128.bitselect(float(site, 1), x, f32x4.gt(x, float(site, 0)));
      return v128.bitselect(float(site, -1), positive, f32x4.lt(x, float(site, 0)));
    }
    case 'sin':
    case 'cos':
      return sineOrCosine(site, name, x);
  }
  const own = elementary[name];
  return own ? own(site, x) : eachLane(site, name, x);
}

export const elementary: Partial<Readonly<Record<Unary, (site: Site, x: Vector) => Vector>>> = {
  exp,
  expm1,
  log,
  log1p,
  tanh,
  erf,
};

/** The host's function where one of the four lies too far out; an element's bits do not depend on its neighbours. */
function sineOrCosine(site: Lowering, name: 'sin' | 'cos', x: Vector): Vector {
  const { f } = site;
  const near = f.let(f32x4.le(f32x4.abs(x), float(site, circleEnd)));
  const made = f.let(circle(site, x, name));
  const host = site.host1(name);
  f.if(i32x4.all_true(near).eqz(), () =>
    made.set(
      v128.bitselect(
        made,
        lanes4(site, (lane) => host({ x: at(x, lane) })),
        near,
      ),
    ),
  );
  return made;
}

function binary(site: Lowering, name: Binary, x: Vector, y: Vector, from: Lane): Vector {
  if (name === 'and') return v128.and(x, y);
  if (name === 'or') return v128.or(x, y);
  if (from === 'bool') return name === 'eq' ? i32x4.eq(x, y) : cannot();
  if (from === 'int32') {
    const known = { add: i32x4.add, sub: i32x4.sub, mul: i32x4.mul, min: i32x4.min_s, max: i32x4.max_s } as const;
    const compared = { lt: i32x4.lt_s, le: i32x4.le_s, eq: i32x4.eq } as const;
    const all: Partial<Record<Binary, (a: Vector, b: Vector) => Vector>> = { ...known, ...compared };
    return all[name]?.(x, y) ?? cannot();
  }
  const known = {
    add: f32x4.add,
    sub: f32x4.sub,
    mul: f32x4.mul,
    div: f32x4.div,
    min: smallerOf,
    max: largerOf,
  } as const;
  const compared = { lt: f32x4.lt, le: f32x4.le, eq: f32x4.eq } as const;
  const all: Partial<Record<Binary, (a: Vector, b: Vector) => Vector>> = { ...known, ...compared };
  const made = all[name]?.(x, y);
  if (made) return made;
  if (!hostBinary.has(name)) return cannot();
  const call = site.host2(name);
  return lanes4(site, (lane) => call({ x: at(x, lane), y: at(y, lane) }));
}

const at = (x: Vector, lane: number): Value<'f64'> => f64.promote_f32(f32x4.extract_lane(x, lane));

/** The host's function, one lane at a time. */
function eachLane(site: Lowering, name: Unary, x: Vector): Vector {
  if (!hostUnary.has(name)) return cannot();
  const call = site.host1(name);
  return lanes4(site, (lane) => call({ x: at(x, lane) }));
}

function lanes4({ f }: Site, of: (lane: number) => ReturnType<Math1>): Vector {
  const made = f.let(f32x4.splat(f32.demote_f64(of(0))));
  for (const lane of [1, 2, 3]) made.set(f32x4.replace_lane(made, f32.demote_f64(of(lane)), lane));
  return made;
}
