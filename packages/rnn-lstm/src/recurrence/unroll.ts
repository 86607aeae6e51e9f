/** The decomposition of a sequence op: step after step, in other ops. */
import { add, concat, expandDims, less, matmul, reshape, slice, split, transpose } from '@dendrite/core';
import type { Attributes, Tensor } from '@dendrite/spec';
import type { CellRule } from './cell-rule.ts';
import type { StepOps } from './step-ops.ts';

/** Whether steps are taken from the last to the first. */
export const isReverse = ({ reverse }: Attributes): boolean => reverse === true;

/** The steps in the order in which they are taken. */
export const stepOrder = (T: number, attributes: Attributes): readonly number[] =>
  Array.from({ length: T }, (_, i) => (isReverse(attributes) ? T - 1 - i : i));

/** Which rows take part in step `t`, `[B, 1]`; undefined: all. */
export const takesPart = (lengths: Tensor | undefined, t: number): Tensor | undefined =>
  lengths && expandDims(less(lengths.runtime.tensor([t], [], 'int32'), lengths), { axis: 1 });

/** Part `i` of the first axis, which is dropped: a view where the backend has such. */
export const partAt = (x: Tensor, i: number): Tensor => reshape(slice(x, { begin: [i], size: [1] }), x.shape.slice(1));

/** `[B, T, …]` ↔ `[T, B, …]`. */
export const timeFirst = (x: Tensor): Tensor => transpose(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);

/** Joined along a new first axis; `empty` where there are none. */
export const joined = (parts: readonly Tensor[], shape: readonly number[], like: Tensor): Tensor =>
  parts.length === 0
    ? like.runtime.tensor(like.dtype === 'float64' ? new Float64Array(0) : new Float32Array(0), shape, like.dtype)
    : reshape(concat(parts, { axis: 0 }), shape);

export function unroll(
  rule: CellRule,
  ops: StepOps,
  inputs: readonly Tensor[],
  attributes: Attributes,
): readonly Tensor[] {
  const { gates, states: stateCount, kept: keptCount, recurrentBias } = rule;
  const [projected, recurrent] = inputs;
  if (!projected || !recurrent) return [];
  const { runtime } = projected;
  const firstState = recurrentBias ? 3 : 2;
  const bias = recurrentBias ? inputs[2] : undefined;
  const lengths = inputs[firstState + stateCount];
  const [B = 0, T = 0] = projected.shape;
  const [H = 0] = recurrent.shape;
  // [T, G, B, H]: a gate's part of a step lies in one piece.
  const parts = transpose(reshape(projected, [B, T, gates, H]), [1, 2, 0, 3]);
  let states: readonly Tensor[] = inputs.slice(firstState, firstState + stateCount);
  const outputs: Tensor[] = [];
  const kept: Tensor[] = [];
  const after: Tensor[][] = Array.from({ length: stateCount }, () => []);
  const keepAt = (list: Tensor[], t: number, made: readonly Tensor[]): void => {
    made.forEach((each, i) => {
      list[t * made.length + i] = each;
    });
  };
  for (const t of stepOrder(T, attributes)) {
    const made = runtime.scope(() => {
      const [hidden] = states;
      if (!hidden) return [];
      const product = matmul(hidden, recurrent);
      const biased = bias ? add(product, bias) : product;
      const mask = takesPart(lengths, t);
      const step = partAt(parts, t);
      return runtime.run(
        ops.step(mask !== undefined),
        [
          ...Array.from({ length: gates }, (_, g) => partAt(step, g)),
          ...split(biased, { parts: gates, axis: 1 }),
          ...states,
          ...(mask ? [mask] : []),
        ],
        attributes,
      );
    });
    states = made.slice(0, stateCount);
    states.forEach((state, s) => {
      keepAt(after[s] ?? [], t, [state]);
    });
    keepAt(kept, t, made.slice(stateCount, stateCount + keptCount));
    const y = lengths ? made.at(-1) : states[0];
    if (y) outputs[t] = y;
  }
  return [
    timeFirst(joined(outputs, [T, B, H], projected)),
    ...states,
    ...(keptCount > 0 ? [joined(kept, [T, keptCount, B, H], projected)] : []),
    ...after.map((each) => joined(each, [T, B, H], projected)),
  ];
}
