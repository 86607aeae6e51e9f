/** The backward rule of an expression op: one expression op an input, then a sum over the axes that were broadcast. */
import type { Attributes, Expression, ExpressionOp, GradientContext, Tensor, TensorSpec } from '@dendrite/spec';
import { noAttributes } from '../../engine/no-attributes.ts';
import type { Backward, Saves } from '../../engine/tape.ts';
import type { TensorHandle } from '../../engine/tensor-handle.ts';
import { sumTo } from '../reduce/sum-to.ts';
import { chainRule, isFloat } from './expression-derivative.ts';
import { expressionDtype } from './expression-dtype.ts';
import { expressionShape } from './expression-op.ts';

/** What an expression reads, in order of first use; and the expression over those alone. */
function compact(e: Expression): { readonly expression: Expression; readonly reads: readonly number[] } {
  const reads: number[] = [];
  const walk = (node: Expression): Expression => {
    if ('input' in node) {
      if (!reads.includes(node.input)) reads.push(node.input);
      return { input: reads.indexOf(node.input) };
    }
    if ('constant' in node || 'argument' in node) return node;
    if ('where' in node) return { where: walk(node.where), x: walk(node.x), y: walk(node.y) };
    if ('binary' in node) return { binary: node.binary, x: walk(node.x), y: walk(node.y) };
    if ('cast' in node) return { cast: node.cast, x: walk(node.x) };
    return { unary: node.unary, x: walk(node.x) };
  };
  return { expression: walk(e), reads };
}

/** null where every derivative is zero: the op's outputs are constants. */
export function expressionBackward(
  op: ExpressionOp,
  attributes: Attributes,
  inputs: readonly TensorSpec[],
): Backward | null {
  if (op.derivatives === 'zero') return null;
  if (typeof op.derivatives !== 'function')
    return { name: op.name, rule: op.derivatives, saves: () => ({ inputs: [], outputs: [] }) };
  const n = inputs.length;
  const outputs = op.expressions(attributes).length;
  const rows = op.derivatives(attributes).map((e, i) => {
    if (e === null || !isFloat((inputs[i] as TensorSpec).dtype)) return null;
    const { expression, reads } = compact(e);
    // dy alone, unchanged: no dispatch is needed.
    const at = (reads[0] as number) - n - outputs;
    const passes = 'input' in expression && at >= 0 ? at : undefined;
    return { reads, passes, op: derivativeOp(`${op.name}.d${i}`, expression), inputs: n, outputs };
  });
  if (rows.every((row) => row === null)) return null;
  const byMask: (Saves | undefined)[] = [];
  return {
    name: op.name,
    tidy: true,
    saves: (mask) => {
      const known = byMask[mask];
      if (known) return known;
      const used = new Set(rows.flatMap((row, i) => (row !== null && mask & (1 << i) ? row.reads : [])));
      const saves: Saves = {
        inputs: [...used].filter((i) => i < n),
        outputs: [...used].filter((i) => i >= n && i < n + outputs).map((i) => i - n),
      };
      byMask[mask] = saves;
      return saves;
    },
    rule: (context) => {
      const found = new Array<Tensor | null>(rows.length);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i];
        found[i] = row && context.needs[i] ? cotangent(row, context, i) : null;
      }
      return found;
    },
  };
}

interface Row {
  readonly reads: readonly number[];
  /** Which dy it is, unchanged; undefined: it is computed. */
  readonly passes: number | undefined;
  readonly op: ExpressionOp;
  readonly inputs: number;
  readonly outputs: number;
}

function cotangent({ reads, passes, op, inputs, outputs }: Row, context: GradientContext, i: number): Tensor | null {
  const values = new Array<Tensor>(reads.length);
  for (let r = 0; r < reads.length; r++) {
    const at = reads[r] as number;
    const value =
      at < inputs
        ? context.input(at)
        : at < inputs + outputs
          ? context.output(at - inputs)
          : context.dy[at - inputs - outputs];
    if (!value) return null; // nothing depends on that output
    // What came back to the one output of a function of one input is read here for the last time.
    if (at === 2 && inputs === 1 && outputs === 1) (value as TensorHandle).isLastUse = true;
    values[r] = value;
  }
  const [first] = values;
  if (!first) return null;
  const wide = passes === undefined ? (first.runtime.run(op, values, noAttributes, context.args)[0] as Tensor) : first;
  const narrow = sumTo(wide, context.spec(i).shape);
  if (narrow !== wide && wide !== first) wide.dispose();
  return narrow;
}

/** A derivative as an op of its own; differentiable again by the chain rule. */
function derivativeOp(name: `${string}/${string}`, expression: Expression): ExpressionOp {
  return {
    '~dendrite': 'op',
    kind: 'expression',
    name,
    infer: (inputs) => [
      {
        shape: expressionShape(name, inputs),
        dtype:
          expressionDtype(
            name,
            expression,
            inputs.map((spec) => spec.dtype),
          ) ?? 'float32',
      },
    ],
    expressions: () => [expression],
    derivatives: () => chainRule([expression]),
  };
}
