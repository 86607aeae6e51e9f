/** Formulas as nodes, one a node: the table of our operators in ONNX's. */
import type { DType } from '@dendrite/spec';
import { type Amount, isFree, shapeKey } from './amount.ts';
import type { Graph } from './graph.ts';
import type { AmountShape, Formula } from './program.ts';

export interface FormulaInput {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: AmountShape;
}
export interface FormulaCall {
  readonly inputs: readonly FormulaInput[];
  readonly args: AmountShape;
  readonly output: { readonly dtype: DType; readonly shape: AmountShape };
}
/** `dtype` undefined: numbers alone, which take that of their context. */
type Write = (graph: Graph, x: string, dtype: DType) => string;
type WritePair = (graph: Graph, x: string, y: string, dtype: DType) => string;
const plain =
  (op: string): Write =>
  (graph, x) =>
    graph.add(op, [x]);
const pair =
  (op: string): WritePair =>
  (graph, x, y) =>
    graph.add(op, [x, y]);
const number = (graph: Graph, value: number, dtype: DType): string => graph.numbers([value], [], dtype);

const unaries: Readonly<Record<string, Write>> = {
  neg: plain('Neg'),
  abs: plain('Abs'),
  sign: plain('Sign'),
  sqrt: plain('Sqrt'),
  exp: plain('Exp'),
  log: plain('Log'),
  sin: plain('Sin'),
  cos: plain('Cos'),
  tan: plain('Tan'),
  asin: plain('Asin'),
  acos: plain('Acos'),
  atan: plain('Atan'),
  sinh: plain('Sinh'),
  cosh: plain('Cosh'),
  tanh: plain('Tanh'),
  asinh: plain('Asinh'),
  acosh: plain('Acosh'),
  atanh: plain('Atanh'),
  erf: plain('Erf'),
  floor: plain('Floor'),
  ceil: plain('Ceil'),
  round: plain('Round'),
  not: plain('Not'),
  isNaN: plain('IsNaN'),
  isFinite: (graph, x) => graph.add('Not', [graph.add('Or', [graph.add('IsNaN', [x]), graph.add('IsInf', [x])])]),
  // Near 0: 2t / (1 − t) with t = tanh(x / 2), which cancels nothing.
  expm1(graph, x, dtype) {
    const half = graph.add('Tanh', [graph.add('Mul', [x, number(graph, 0.5, dtype)])]);
    const one = number(graph, 1, dtype);
    const near = graph.add('Div', [graph.add('Add', [half, half]), graph.add('Sub', [one, half])]);
    const far = graph.add('Sub', [graph.add('Exp', [x]), one]);
    return graph.add('Where', [graph.add('Less', [graph.add('Abs', [x]), one]), near, far]);
  },
  // Near 0: ln(u) · x / (u − 1) with u = 1 + x as it was rounded (Kahan).
  log1p(graph, x, dtype) {
    const one = number(graph, 1, dtype);
    const sum = graph.add('Add', [one, x]);
    const near = graph.add('Div', [graph.add('Mul', [graph.add('Log', [sum]), x]), graph.add('Sub', [sum, one])]);
    const whole = graph.add('Where', [graph.add('Equal', [sum, one]), x, near]);
    const infinite = graph.add('IsInf', [sum]);
    return graph.add('Where', [infinite, sum, whole]);
  },
};

const binaries: Readonly<Record<string, WritePair>> = {
  add: pair('Add'),
  sub: pair('Sub'),
  mul: pair('Mul'),
  div: pair('Div'),
  pow: pair('Pow'),
  min: pair('Min'),
  max: pair('Max'),
  lt: pair('Less'),
  le: pair('LessOrEqual'),
  eq: pair('Equal'),
  and: pair('And'),
  or: pair('Or'),
  mod(graph, x, y, dtype) {
    if (dtype === 'int32') return graph.add('Mod', [x, y]);
    return graph.add('Sub', [x, graph.add('Mul', [y, graph.add('Floor', [graph.add('Div', [x, y])])])]);
  },
  // The angle of the half plane y > 0, turned by π where the point lies in the other: of the point (y, x), as JavaScript's.
  atan2(graph, x, y, dtype) {
    const [zero, turn] = [number(graph, 0, dtype), number(graph, Math.PI, dtype)];
    const slope = graph.add('Atan', [graph.add('Div', [x, y])]);
    const back = graph.add('Where', [graph.add('Less', [x, zero]), graph.add('Neg', [turn]), turn]);
    const side = graph.add('Mul', [graph.add('Sign', [x]), number(graph, Math.PI / 2, dtype)]);
    const left = graph.add('Where', [graph.add('Less', [y, zero]), graph.add('Add', [slope, back]), slope]);
    return graph.add('Where', [graph.add('Equal', [y, zero]), side, left]);
  },
};
const truths: ReadonlySet<string> = new Set(['lt', 'le', 'eq', 'and', 'or', 'not', 'isNaN', 'isFinite']);

/** The node that gives the value of a formula, in the shape and dtype of the call's output. */
export function writeFormula(graph: Graph, formula: Formula, { inputs, args, output }: FormulaCall): string {
  const dtypeOf = (e: Formula): DType | undefined => {
    if ('input' in e) return inputs[e.input]?.dtype;
    if ('constant' in e || 'argument' in e) return undefined;
    if ('cast' in e) return e.cast;
    if ('unary' in e) return truths.has(e.unary) ? 'bool' : dtypeOf(e.x);
    if ('binary' in e && truths.has(e.binary)) return 'bool';
    return dtypeOf(e.x) ?? dtypeOf(e.y);
  };
  const scalar = (amount: Amount, dtype: DType): string => {
    if (isFree(amount) || dtype === 'float32' || dtype === 'float64') return graph.scalar(amount, dtype);
    return graph.scalar(dtype === 'bool' ? Number(amount !== 0) : Math.trunc(amount), dtype);
  };
  /** `context`: the dtype of numbers that have none of their own. */
  const visit = (e: Formula, context: DType): string => {
    if ('input' in e) return inputs[e.input]?.name ?? '';
    if ('constant' in e) return scalar(e.constant, context);
    if ('argument' in e) return scalar(args[e.argument] ?? Number.NaN, context);
    if ('cast' in e) {
      const from = dtypeOf(e.x);
      if (from === undefined && !('x' in e.x)) return visit(e.x, e.cast);
      const x = visit(e.x, from ?? 'float32');
      return from === e.cast ? x : graph.cast(x, e.cast);
    }
    if ('where' in e) {
      const own = dtypeOf(e.x) ?? dtypeOf(e.y) ?? context;
      return selected(graph, visit(e.where, 'bool'), visit(e.x, own), visit(e.y, own), own);
    }
    if ('unary' in e) {
      const own = dtypeOf(e.x) ?? (e.unary === 'not' ? 'bool' : truths.has(e.unary) ? 'float32' : context);
      return (unaries[e.unary] as Write)(graph, visit(e.x, own), own);
    }
    const logical = e.binary === 'and' || e.binary === 'or';
    const own = dtypeOf(e.x) ?? dtypeOf(e.y) ?? (logical ? 'bool' : truths.has(e.binary) ? 'float32' : context);
    return (binaries[e.binary] as WritePair)(graph, visit(e.x, own), visit(e.y, own), own);
  };
  const found = dtypeOf(formula);
  const made = visit(formula, found ?? output.dtype);
  const value = found === undefined || found === output.dtype ? made : graph.cast(made, output.dtype);
  const reached = joined(
    inputs.filter((_, i) => reads(formula, i)).map(({ shape }) => shape),
    output.shape,
  );
  return reached ? value : graph.add('Expand', [value, graph.lengths(output.shape)]);
}

/** ONNX selects no bools: they go through bytes. */
function selected(graph: Graph, condition: string, x: string, y: string, dtype: DType): string {
  if (dtype !== 'bool') return graph.add('Where', [condition, x, y]);
  return graph.cast(graph.add('Where', [condition, graph.cast(x, 'uint8'), graph.cast(y, 'uint8')]), 'bool');
}

const reads = (e: Formula, i: number): boolean =>
  ('input' in e && e.input === i) ||
  ('x' in e && reads(e.x, i)) ||
  ('y' in e && reads(e.y, i)) ||
  ('where' in e && reads(e.where, i));

/** Whether shapes broadcast to this one by themselves. */
function joined(shapes: readonly AmountShape[], to: AmountShape): boolean {
  const all = to.map((length, axis) => {
    const own = shapes.map((shape) => shape[axis - (to.length - shape.length)] ?? 1).find((each) => each !== 1);
    return own ?? (length === 1 ? 1 : 0);
  });
  return shapes.some((shape) => shape.length === to.length) || to.length === 0 ? shapeKey(all) === shapeKey(to) : false;
}
