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
  readonly slots: Readonly<Record<string, Expression>>;
  readonly scalars: Readonly<Record<string, Expression>>;
}
export interface UpdateFormula {
  readonly name: `optimizers/${string}`;
  /** Names of the slots and of the step scalars that these attributes ask for, in the order of the inputs. */
  slots(attributes: Attributes): readonly string[];
  scalars(attributes: Attributes): readonly string[];
  /** The successors of `parameter` and of each slot, by name. */
  successors(inputs: UpdateInputs, attributes: Attributes): Readonly<Record<string, Expression>>;
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
      const values = 2 + formula.slots(attributes).length;
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
      const scalars = formula.scalars(attributes);
      const named = (names: readonly string[], from: number): Readonly<Record<string, Expression>> =>
        Object.fromEntries(names.map((name, i) => [name, { input: from + i }]));
      const before: Readonly<Record<string, Expression>> = { parameter: { input: 0 }, ...named(slots, 2) };
      const after = formula.successors(
        {
          parameter: { input: 0 },
          gradient: { input: 1 },
          slots: named(slots, 2),
          scalars: named(scalars, 2 + slots.length),
        },
        attributes,
      );
      const proceed: Expression = { input: 2 + slots.length + scalars.length };
      return ['parameter', ...slots].map((name) => {
        const [kept = constant(0), next = constant(0)] = [before[name], after[name]];
        if (attributes.guarded !== true) return next;
        return { where: { binary: 'eq', x: proceed, y: constant(0) }, x: kept, y: next };
      });
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
