/** The decomposition of a sequence op's gradient: back through the steps, then one product for all of them. */
import { add, concat, matmul, reshape, slice, sum } from '@dendrite/core';
import type { Attributes, Tensor } from '@dendrite/spec';
import type { CellRule } from './cell-rule.ts';
import type { GradientParts } from './recurrence-op.ts';
import type { StepOps } from './step-ops.ts';
import { isReverse, joined, partAt, stepOrder, takesPart, timeFirst } from './unroll.ts';

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
  const [hiddens] = before;
  const ofProducts = joined(products, [T * B, width], dy);
  const inOrder = recurrentBias ? joined(projected, [T, B, width], dy) : reshape(ofProducts, [T, B, width]);
  return [
    timeFirst(inOrder),
    matmul(reshape(hiddens ?? dy, [T * B, H]), ofProducts, { transposeA: true }),
    ...(recurrentBias ? [sum(ofProducts, { axes: 0 })] : []),
    ...cotangents,
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
