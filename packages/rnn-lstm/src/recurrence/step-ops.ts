/** A cell's step and its way back as expression ops: each is one pass over `[B, H]`, on every backend. */
import { choose, formula as f, input } from '@dendrite/core';
import { type Attributes, defineOp, type Expression, type ExpressionOp } from '@dendrite/spec';
import type { CellRule } from './cell-rule.ts';

/** `masked`: the last input says for each row whether the step takes place, `[B, 1]`, bool. */
export interface StepOps {
  /** Projected and product parts, states → states, kept parts; masked also the output, 0 where no step takes place. */
  readonly step: (masked: boolean) => ExpressionOp;
  /** Kept parts, states before and after, dy, cotangents of the states → of projected parts, of product parts if they differ, of states. */
  readonly back: (masked: boolean) => ExpressionOp;
}

const inputs = (from: number, count: number): Expression[] => Array.from({ length: count }, (_, i) => input(from + i));
const zero: Expression = { constant: 0 };

export function stepOps(rule: CellRule): StepOps {
  const { gates, states, kept } = rule;
  const stepFormulas = (masked: boolean, attributes: Attributes): readonly Expression[] => {
    const before = inputs(2 * gates, states);
    const next = rule.step({ projected: inputs(0, gates), product: inputs(gates, gates), states: before }, attributes);
    if (!masked) return [...next.states, ...next.kept];
    const takesPlace = input(2 * gates + states);
    const held = next.states.map((state, s) => choose(takesPlace, state, before[s] ?? zero));
    return [...held, ...next.kept, choose(takesPlace, next.states[0] ?? zero, 0)];
  };
  const backFormulas = (masked: boolean, attributes: Attributes): readonly Expression[] => {
    const dy = input(kept + 2 * states);
    const given = inputs(kept + 2 * states + 1, states);
    const back = rule.back(
      {
        kept: inputs(0, kept),
        before: inputs(kept, states),
        after: inputs(kept + states, states),
        cotangents: given.map((each, s) => (s === 0 ? f.add(each, dy) : each)),
      },
      attributes,
    );
    const sums = [...back.projected, ...(back.product ?? [])];
    const before = back.states.map((each) => each ?? zero);
    if (!masked) return [...sums, ...before];
    const takesPlace = input(kept + 3 * states + 1);
    return [
      ...sums.map((each) => choose(takesPlace, each, 0)),
      ...before.map((each, s) => choose(takesPlace, each, given[s] ?? zero)),
    ];
  };
  const made = new Map<string, ExpressionOp>();
  const op = (part: 'step' | 'back', masked: boolean): ExpressionOp => {
    const name: `${string}/${string}` = `${rule.name}-${part}${masked ? '.masked' : ''}`;
    const known = made.get(name);
    if (known) return known;
    const formulas = part === 'step' ? stepFormulas : backFormulas;
    const plain = expressionOf(name, (attributes) => formulas(masked, attributes));
    made.set(name, plain);
    return plain;
  };
  return { step: (masked) => op('step', masked), back: (masked) => op('back', masked) };
}

/** All inputs but a mask are floats of one shape. */
const expressionOf = (
  name: `${string}/${string}`,
  formulas: (attributes: Attributes) => readonly Expression[],
): ExpressionOp =>
  defineOp<ExpressionOp>({
    '~dendrite': 'op',
    kind: 'expression',
    name,
    infer: ([first], attributes) => formulas(attributes).map(() => first ?? { shape: [], dtype: 'float32' }),
    expressions: formulas,
    derivatives: { none: 'the sequence has a gradient of its own' },
  });
