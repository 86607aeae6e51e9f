/**
 * Lowers expression trees to a straight list of kernel calls, one a node: so each node is rounded, and nothing is contracted.
 * Equal subtrees are computed once; what depends on no input is computed on the host.
 */
import type { Binary, DType, Expression, TensorSpec } from '@dendrite/spec';
import {
  binary,
  constant,
  type HostNumber,
  isNumber,
  type Operand,
  operandValue,
  select,
  unary,
} from '../kernels/arithmetic.ts';
import { cast } from '../kernels/convert.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { broadcast, fill } from '../kernels/move.ts';
import { reshaped, sizeOf, storedDtype, type Value } from '../kernels/value.ts';
import { commonShapes } from './common-shapes.ts';
import { hostBinary, hostUnary } from './host-nodes.ts';

/** Computes the outputs from the inputs and the call's arguments. */
export type Routine = (inputs: readonly Value[], args: readonly number[]) => readonly Value[];

type Step = (done: readonly Operand[], inputs: readonly Value[], args: readonly number[]) => Operand;
interface Node {
  readonly at: number;
  /** undefined: a number of no dtype of its own. */
  readonly dtype: DType | undefined;
}

/** undefined if a node or dtype cannot be had here. */
export function compileExpressions(
  kernels: Kernels,
  expressions: readonly Expression[],
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
): Routine | undefined {
  const outShape = outputs[0]?.shape ?? [];
  const shapes = commonShapes(
    inputs.map((spec) => spec.shape),
    outShape,
  );
  const steps: Step[] = [];
  const known = new Map<string, Node>();
  const emit = (dtype: DType | undefined, step: Step): Node => ({ at: steps.push(step) - 1, dtype });
  const at = (done: readonly Operand[], node: Node): Operand => done[node.at] ?? constant(Number.NaN);

  const visit = (e: Expression): Node => {
    const key = JSON.stringify(e, (_, value: unknown) =>
      typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
        ? `${Object.is(value, -0) ? '-0' : value}`
        : value,
    );
    const found = known.get(key);
    if (found) return found;
    const made = lower(e);
    known.set(key, made);
    return made;
  };

  const lower = (e: Expression): Node => {
    if ('input' in e) {
      const { input } = e;
      return emit(inputs[input]?.dtype, (_, given) => reshaped(given[input] as Value, shapes.inputs[input] ?? []));
    }
    if ('constant' in e) return emit(undefined, () => constant(e.constant));
    if ('argument' in e)
      return emit(undefined, (_, __, args) => ({ number: args[e.argument] ?? Number.NaN, cached: false }));
    if ('cast' in e) {
      const x = visit(e.x);
      return emit(e.cast, (done) => {
        const operand = at(done, x);
        return isNumber(operand)
          ? castNumber(kernels, operand, e.cast)
          : cast(kernels, operand, x.dtype ?? 'float32', e.cast);
      });
    }
    if ('unary' in e) {
      const x = visit(e.x);
      const logical = e.unary === 'isNaN' || e.unary === 'isFinite' || e.unary === 'not';
      return emit(logical ? 'bool' : x.dtype, (done) => {
        const operand = at(done, x);
        return isNumber(operand)
          ? onHost(hostUnary(e.unary, operand.number), operand.cached)
          : unary(kernels, e.unary, operand);
      });
    }
    if ('where' in e) {
      const [condition, x, y] = [visit(e.where), visit(e.x), visit(e.y)];
      return emit(x.dtype ?? y.dtype, (done) => {
        const [test, a, b] = [at(done, condition), at(done, x), at(done, y)];
        if (isNumber(test)) return test.number ? a : b;
        return select(kernels, test, a, b, stretched([test, a, b]));
      });
    }
    const [x, y] = [visit(e.x), visit(e.y)];
    return emit(isLogical(e.binary) ? 'bool' : (x.dtype ?? y.dtype), (done) => {
      const [a, b] = [at(done, x), at(done, y)];
      if (isNumber(a) && isNumber(b)) return onHost(hostBinary(e.binary, a.number, b.number), a.cached && b.cached);
      return binary(kernels, e.binary, a, b);
    });
  };

  if ([...inputs, ...outputs].some((spec) => spec.dtype === 'float64') || expressions.some(castsToFloat64))
    return undefined;
  const results = expressions.map(visit);
  return (given, args) => {
    const done: Operand[] = [];
    for (const step of steps) done.push(step(done, given, args));
    return results.map((node, j) => {
      const operand = at(done, node);
      const spec = outputs[j] as TensorSpec;
      const dtype = storedDtype(spec.dtype);
      if (isNumber(operand)) return fill(kernels, spec.shape, operand.number, dtype);
      const value = operand.dtype === dtype ? operand : cast(kernels, operand, node.dtype ?? 'float32', spec.dtype);
      return sizeOf(value.shape) === sizeOf(spec.shape)
        ? reshaped(value, spec.shape)
        : reshaped(broadcast(kernels, value, shapes.output), spec.shape);
    });
  };
}

const isLogical = (name: Binary): boolean =>
  name === 'lt' || name === 'le' || name === 'eq' || name === 'and' || name === 'or';
const onHost = (number: number, cached: boolean): HostNumber => ({ number, cached });

/** A number that was given a dtype becomes a value of it, so that its context cannot give it another. */
function castNumber(kernels: Kernels, { number, cached }: HostNumber, dtype: DType): Value {
  const made = dtype === 'bool' ? (number === 0 ? 0 : 1) : dtype === 'uint8' ? Math.trunc(number) & 255 : number;
  return operandValue(kernels, { number: made, cached }, storedDtype(dtype));
}

function stretched(operands: readonly Operand[]): readonly number[] {
  let shape: readonly number[] = [];
  for (const operand of operands) {
    if (isNumber(operand)) continue;
    const other = operand.shape;
    if (shape.length < other.length)
      shape = shape.length === 0 ? other : other.map((n, i) => Math.max(n, shape[i] ?? 1));
    else shape = shape.map((n, axis) => Math.max(n, other[axis - (shape.length - other.length)] ?? 1));
  }
  return shape;
}

const castsToFloat64 = (e: Expression): boolean =>
  ('cast' in e && e.cast === 'float64') ||
  ('x' in e && castsToFloat64(e.x)) ||
  ('y' in e && castsToFloat64(e.y)) ||
  ('where' in e && castsToFloat64(e.where));
