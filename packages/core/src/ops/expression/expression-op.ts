/**
 * Rows of the expression table: a formula, and derivatives where something better is known than the chain rule over the
 * formula (tanh from its output, say). `unary`, `binary` and `expressionOp` turn a row into an op and its public function.
 */
import {
  DendriteError,
  type DType,
  defineOp,
  type Expression,
  type ExpressionOp,
  type Shape,
  type Tensor,
  type TensorSpec,
} from '@dendrite/spec';
import { functionName } from '../../engine/function-name.ts';
import { noAttributes } from '../../engine/no-attributes.ts';
import { broadcastRule } from './broadcast-rule.ts';
import { chainRule } from './expression-derivative.ts';
import { expressionDtype } from './expression-dtype.ts';
import { input } from './formula.ts';

/** The shape of an element-wise result. */
export const expressionShape = (operation: string, inputs: readonly TensorSpec[]): Shape =>
  inputs.length === 1
    ? (inputs[0] as TensorSpec).shape
    : broadcastRule(
        operation,
        inputs.map((spec) => spec.shape),
      );

type Name = `${string}/${string}`;
/** Over inputs, outputs (`y`) and `dy`; null: by the chain rule. */
export type Derivatives = readonly (Expression | null)[] | 'zero' | { readonly none: string };

export interface ExpressionRow {
  readonly name: Name;
  readonly inputs: number;
  readonly expressions: readonly Expression[];
  /** Default: the chain rule over the formula. */
  readonly derivatives?: Derivatives;
}

/** An op whose outputs are formulas over its broadcast inputs, one an output. */
export function expressionOp({ name, inputs, expressions, derivatives }: ExpressionRow): ExpressionOp {
  const operation = functionName(name);
  const rules = derivatives ?? chainRule(expressions, inputs);
  return defineOp<ExpressionOp>({
    '~dendrite': 'op',
    kind: 'expression',
    name,
    infer: (specs) => {
      if (specs.length !== inputs)
        throw new DendriteError('OPTION', `${operation}(): takes ${inputs} tensors, got ${specs.length}.`);
      const shape = expressionShape(operation, specs);
      const dtypes = specs.map((spec) => spec.dtype);
      return expressions.map((expression) => ({
        shape,
        dtype: expressionDtype(operation, expression, dtypes) ?? 'float32',
      }));
    },
    expressions: () => expressions,
    derivatives: Array.isArray(rules)
      ? () => rules as readonly (Expression | null)[]
      : (rules as 'zero' | { readonly none: string }),
  });
}

/** The result of an op with one output. */
export function only(outputs: readonly Tensor[]): Tensor {
  const [output] = outputs;
  if (output === undefined) throw new DendriteError('BACKEND', 'op: must give an output, got none.');
  return output;
}

/** x, y and dy as a unary row's derivative sees them. */
export const x: Expression = input(0);
export const y: Expression = input(1);
export const dy: Expression = input(2);

/** A row of the table. What nobody imports a bundler leaves out with all of its formula, whose calls alone it would keep. */
export const row = <T>(make: () => T): T => make();

export type UnaryFunction = <S extends Shape>(x: Tensor<S>) => Tensor<S>;

/** A function of one tensor. `derivative` is over `x`, `y` (its value) and `dy`. */
export function unary(name: Name, formula: Expression, derivative?: Expression | 'zero'): UnaryFunction {
  const op = expressionOp({
    name,
    inputs: 1,
    expressions: [formula],
    ...(derivative === undefined ? {} : { derivatives: derivative === 'zero' ? 'zero' : [derivative] }),
  });
  const called = functionName(name);
  const run = <S extends Shape>(x: Tensor<S>): Tensor<S> => only(checked(x, called).runtime.run(op, [x])) as Tensor<S>;
  Object.defineProperty(run, 'name', { value: called });
  return run;
}

/** A function of one tensor and run-time numbers (slope, bounds): another value needs no new kernel. */
export function unaryWithNumbers(
  name: Name,
  formula: Expression,
  derivative?: Expression,
): <S extends Shape>(x: Tensor<S>, numbers: readonly number[]) => Tensor<S> {
  const called = functionName(name);
  const op = expressionOp({
    name,
    inputs: 1,
    expressions: [formula],
    ...(derivative ? { derivatives: [derivative] } : {}),
  });
  return <S extends Shape>(x: Tensor<S>, numbers: readonly number[]): Tensor<S> =>
    only(checked(x, called).runtime.run(op, [x], noAttributes, numbers)) as Tensor<S>;
}

export interface BinaryFunction {
  <S extends Shape>(a: Tensor<S>, b: Tensor<S> | Tensor<readonly []> | number): Tensor<S>;
  (a: Tensor | number, b: Tensor): Tensor;
  (a: Tensor, b: Tensor | number): Tensor;
}

/** A function of two operands, either of which may be a number (of the tensor's dtype). `derivatives` are over a, b, y, dy. */
export function binary(name: Name, formula: Expression, derivatives?: Derivatives): BinaryFunction {
  const operation = functionName(name);
  const rules = derivatives ?? chainRule([formula], 2);
  const op = expressionOp({ name, inputs: 2, expressions: [formula], derivatives: rules });
  // The same formula with a number in place of an operand.
  const withNumber = (at: 0 | 1): ExpressionOp => {
    const substitute = (e: Expression): Expression =>
      renumber(e, (i) => (i === at ? { argument: 0 } : input(i > at ? i - 1 : i)));
    return expressionOp({
      name: `${name}.${at === 0 ? 'number-first' : 'number'}`,
      inputs: 1,
      expressions: [substitute(formula)],
      derivatives: Array.isArray(rules)
        ? [rules[1 - at] ? substitute(rules[1 - at] as Expression) : null]
        : (rules as Derivatives),
    });
  };
  const second = withNumber(1);
  const first = withNumber(0);
  const run = (a: Tensor | number, b: Tensor | number): Tensor => {
    if (typeof b === 'number') {
      const tensor = checked(a, operation);
      return only(tensor.runtime.run(second, [tensor], noAttributes, [fitting(operation, b, tensor.dtype)]));
    }
    if (typeof a === 'number')
      return only(checked(b, operation).runtime.run(first, [b], noAttributes, [fitting(operation, a, b.dtype)]));
    return only(checked(a, operation).runtime.run(op, [a, checked(b, operation)]));
  };
  Object.defineProperty(run, 'name', { value: operation });
  return run as BinaryFunction;
}

/** A number that takes a tensor's dtype. @throws DTYPE  if an integer dtype does not hold it */
export function fitting(operation: string, value: number, dtype: DType): number {
  if (dtype === 'float32' || dtype === 'float64') return value;
  const [low, high] = dtype === 'int32' ? [-(2 ** 31), 2 ** 31 - 1] : [0, dtype === 'bool' ? 1 : 255];
  if (!Number.isInteger(value) || value < low || value > high)
    throw new DendriteError(
      'DTYPE',
      `${operation}(): a number beside ${dtype} must be a whole number from ${low} to ${high}, got ${value}. Cast the tensor: cast(x, 'float32').`,
    );
  return value;
}

/** @throws OPTION  if it is not a tensor; DISPOSED if it is dead. */
export function checked(value: unknown, operation: string): Tensor {
  if (typeof value === 'object' && value !== null && '~dendrite' in value && value['~dendrite'] === 'tensor') {
    const tensor = value as Tensor & { check?(operation: string): void };
    if (!tensor.alive) tensor.check?.(operation); // here, because the function's name says more than the op's
    return tensor;
  }
  const got =
    typeof value === 'object' && value !== null && 'then' in value
      ? 'a promise'
      : Array.isArray(value)
        ? 'an array'
        : value === null
          ? 'null'
          : typeof value === 'object'
            ? 'an object'
            : String(value);
  throw new DendriteError(
    'OPTION',
    `${operation}(): operand must be a tensor, got ${got}. Make one with tensor(…)${got === 'a promise' ? ', after awaiting it' : ''}.`,
  );
}

function renumber(e: Expression, to: (input: number) => Expression): Expression {
  if ('input' in e) return to(e.input);
  if ('constant' in e || 'argument' in e) return e;
  if ('where' in e) return { where: renumber(e.where, to), x: renumber(e.x, to), y: renumber(e.y, to) };
  if ('binary' in e) return { binary: e.binary, x: renumber(e.x, to), y: renumber(e.y, to) };
  if ('cast' in e) return { cast: e.cast, x: renumber(e.x, to) };
  return { unary: e.unary, x: renumber(e.x, to) };
}
