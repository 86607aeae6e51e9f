/**
 * Lowers expression trees to a straight list of kernel calls, one a node: so each node is rounded, and nothing is contracted.
 * Equal subtrees are computed once; what depends on no input is computed on the host.
 */
import type { DType, Expression, TensorSpec } from '@dendrite/spec';
import {
  binary,
  constant,
  type HostNumber,
  isNumber,
  logical,
  type Operand,
  operandValue,
  select,
  unary,
} from '../kernels/arithmetic.ts';
import { cast } from '../kernels/convert.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { broadcast, fill } from '../kernels/move.ts';
import { reshaped, sizeOf, storedDtype, type Value } from '../kernels/value.ts';
import type { CommonShapes } from './common-shapes.ts';
import type { Routine } from './compile.ts';
import { castNumber, hostBinary, hostUnary } from './host-nodes.ts';

type Step = (done: readonly Operand[], inputs: readonly Value[], args: readonly number[]) => Operand;
interface Node {
  readonly at: number;
  /** undefined: a number of no dtype of its own. */
  readonly dtype: DType | undefined;
}

export function kernelANode(
  kernels: Kernels,
  expressions: readonly Expression[],
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  shapes: CommonShapes,
): Routine {
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
          ? numberOf(kernels, operand, e.cast)
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
    return emit(logical.has(e.binary) ? 'bool' : (x.dtype ?? y.dtype), (done) => {
      const [a, b] = [at(done, x), at(done, y)];
      if (isNumber(a) && isNumber(b)) return onHost(hostBinary(e.binary, a.number, b.number), a.cached && b.cached);
      return binary(kernels, e.binary, a, b);
    });
  };

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

const onHost = (number: number, cached: boolean): HostNumber => ({ number, cached });

/** A number that was given a dtype becomes a value of it, so that its context cannot give it another. */
function numberOf(kernels: Kernels, { number, cached }: HostNumber, dtype: DType): Value {
  return operandValue(kernels, { number: castNumber(number, dtype), cached }, storedDtype(dtype));
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
