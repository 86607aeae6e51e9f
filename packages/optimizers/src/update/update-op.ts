/** An optimizer's step as one expression op: (parameter, gradient, slots…, step scalars…[, proceed]) → (parameter, slots…). */
import {
  type Attributes,
  DendriteError,
  defineOp,
  type Expression,
  type ExpressionOp,
  type TensorSpec,
} from '@dendrite/spec';
import { constant } from '../formula/formula.ts';

export interface UpdateInputs {
  readonly parameter: Expression;
  readonly gradient: Expression;
  readonly slots: readonly Expression[];
  readonly scalars: readonly Expression[];
}
export interface UpdateFormula {
  readonly name: `optimizers/${string}`;
  /** How many slots these attributes ask for. */
  slots(attributes: Attributes): number;
  /** The parameter's successor, then each slot's. */
  successors(inputs: UpdateInputs, attributes: Attributes): readonly Expression[];
}

/**
 * Because the step is one expression, every backend runs it, and each value is read and written once.
 * With the attribute `guarded` there is one more input, `proceed`: where it is 0, `where` hands every value through, so a NaN
 * gradient leaves no trace.
 * @gradient none: nothing is differentiated through an update.
 */
export function updateOp(formula: UpdateFormula): ExpressionOp {
  return defineOp({
    '~dendrite': 'op',
    kind: 'expression',
    name: formula.name,
    infer(inputs, attributes) {
      const values = 2 + formula.slots(attributes);
      const [parameter] = inputs;
      if (parameter === undefined || inputs.length < values)
        throw new DendriteError(
          'SHAPE',
          `${formula.name}: must have a parameter, a gradient and ${values - 2} slots, got ${inputs.length} inputs.`,
        );
      for (const [i, input] of inputs.entries()) check(formula.name, i, values, input, parameter);
      return [parameter, ...inputs.slice(2, values)];
    },
    expressions(attributes) {
      const slots = formula.slots(attributes);
      const input = (i: number): Expression => ({ input: i });
      const slotInputs = Array.from({ length: slots }, (_, i) => input(2 + i));
      // More than any formula reads: inputs are made as they are asked for.
      const scalars = Array.from({ length: 4 }, (_, i) => input(2 + slots + i));
      const before = [input(0), ...slotInputs];
      const after = formula.successors(
        { parameter: input(0), gradient: input(1), slots: slotInputs, scalars },
        attributes,
      );
      if (attributes.guarded !== true) return after;
      const proceed = input(2 + slots + Number(attributes.scalars));
      return after.map((expression, i) => ({
        where: { binary: 'eq', x: proceed, y: constant(0) },
        x: before[i] ?? expression,
        y: expression,
      }));
    },
    derivatives: { none: 'an optimizer step is not differentiated' },
  });
}

function check(name: string, i: number, values: number, input: TensorSpec, parameter: TensorSpec): void {
  const shape = i < values ? parameter.shape : [];
  if (input.dtype !== parameter.dtype)
    throw new DendriteError(
      'DTYPE',
      `${name}: input ${i} must be ${parameter.dtype} as the parameter is, got ${input.dtype}. Cast it.`,
    );
  if (input.shape.length !== shape.length || input.shape.some((length, axis) => length !== shape[axis]))
    throw new DendriteError(
      'SHAPE',
      `${name}: input ${i} must have the shape [${shape.join(', ')}], got [${input.shape.join(', ')}].`,
    );
}
