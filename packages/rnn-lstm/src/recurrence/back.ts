/** The decomposition of a sequence op's gradient: back through the steps, one after another; then one product for all of them. */
import { add, concat, matmul, reshape, slice, sum } from '@dendrite/core';
import type { Attributes, Tensor } from '@dendrite/spec';
import type { CellRule } from './cell-rule.ts';
import type { GradientParts } from './recurrence-op.ts';
import type { StepOps } from './step-ops.ts';
import { isReverse, joined, partAt, stepOrder, takesPart, timeFirst } from './unroll.ts';

/** Cotangents of projected `[B, T, G·H]`, of the products with the hidden state `[T, B, G·H]`, and of the states. */
export function unrollBack(
  rule: CellRule,
  ops: StepOps,
  { dy, dstates, recurrent, initial, kept, after, lengths }: GradientParts,
  attributes: Attributes,
): readonly Tensor[] {
  const { gates, states: stateCount, kept: keptCount, recurrentBias } = rule;
  const { runtime } = dy;
  const [B = 0, T = 0, H = 0] = dy.shape;
  const width = gates * H;
  const steps = [...stepOrder(T, attributes)].reverse();
  const before = after.map((each, s) => statesBefore(each, initial[s], attributes));
  const dyAt = timeFirst(dy);
  let cotangents: readonly Tensor[] = dstates;
  const projected: Tensor[] = [];
  const products: Tensor[] = [];
  for (const t of steps) {
    const found = runtime.scope(() => {
      const mask = takesPart(lengths, t);
      const keptAt = kept && partAt(kept, t);
      const made = runtime.run(
        ops.back(mask !== undefined),
        [
          ...Array.from({ length: keptCount }, (_, i) => (keptAt ? partAt(keptAt, i) : dy)),
          ...before.map((each) => partAt(each, t)),
          ...after.map((each) => partAt(each, t)),
          partAt(dyAt, t),
          ...cotangents,
          ...(mask ? [mask] : []),
        ],
        attributes,
      );
      const ofProjected = concat(made.slice(0, gates), { axis: 1 }); // [B, G·H]
      const differs = made.length > gates + stateCount;
      const ofProduct = differs ? concat(made.slice(gates, 2 * gates), { axis: 1 }) : undefined;
      const [hidden, ...rest] = made.slice(-stateCount);
      if (!hidden) return { ofProjected, ofProduct, next: [] };
      const through = matmul(ofProduct ?? ofProjected, recurrent, { transposeB: true });
      return { ofProjected, ofProduct, next: [add(hidden, through), ...rest] };
    });
    projected[t] = found.ofProjected;
    products[t] = found.ofProduct ?? found.ofProjected;
    cotangents = found.next;
  }
  const ofProducts = joined(products, [T, B, width], dy);
  const inOrder = recurrentBias ? joined(projected, [T, B, width], dy) : ofProducts;
  return [timeFirst(inOrder), ofProducts, ...cotangents];
}

/** All cotangents, of the recurrent weights and bias too, from what `unrollBack` or a kernel gives. */
export function gradientOf(
  { recurrentBias }: CellRule,
  { initial, after }: GradientParts,
  [ofProjected, ofProducts, ...ofStates]: readonly Tensor[],
  attributes: Attributes,
): readonly Tensor[] {
  const [[last], [first]] = [after, initial];
  if (!ofProjected || !ofProducts || !last) return [];
  const [T = 0, B = 0, H = 0] = last.shape;
  const products = reshape(ofProducts, [T * B, ofProducts.shape[2] ?? 0]);
  const hiddens = reshape(statesBefore(last, first, attributes), [T * B, H]);
  return [
    ofProjected,
    matmul(hiddens, products, { transposeA: true }),
    ...(recurrentBias ? [sum(products, { axes: 0 })] : []),
    ...ofStates,
  ];
}

/** The state before each step, `[T, B, H]`, from those after each. */
function statesBefore(after: Tensor, initial: Tensor | undefined, attributes: Attributes): Tensor {
  const [T = 0, B = 0, H = 0] = after.shape;
  if (!initial || T === 0) return after;
  const first = reshape(initial, [1, B, H]);
  const size = [T - 1, B, H];
  return isReverse(attributes)
    ? concat([slice(after, { begin: [1], size }), first], { axis: 0 })
    : concat([first, slice(after, { begin: [0], size })], { axis: 0 });
}
