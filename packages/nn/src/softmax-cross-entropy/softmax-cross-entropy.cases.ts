/** Uses of the cross-entropy of integer codes, and of its gradient. */
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { softmaxCrossEntropyGradientOp, softmaxCrossEntropyOp } from './softmax-cross-entropy-op.ts';

interface Use {
  readonly name: string;
  readonly rows: number;
  readonly classes: number;
  readonly codes: readonly number[];
  readonly weights?: readonly number[];
  readonly labelSmoothing?: number;
  readonly ignoreIndex?: number;
  readonly range?: readonly [number, number];
}
const uses: readonly Use[] = [
  { name: 'plain', rows: 3, classes: 4, codes: [0, 3, 1] },
  { name: 'one row, two classes', rows: 1, classes: 2, codes: [1] },
  { name: 'one class: the loss is 0', rows: 2, classes: 1, codes: [0, 0] },
  { name: 'no rows', rows: 0, classes: 3, codes: [] },
  { name: 'smoothing', rows: 3, classes: 5, codes: [4, 0, 2], labelSmoothing: 0.1 },
  { name: 'weights', rows: 3, classes: 3, codes: [2, 0, 2], weights: [0.5, 1, 3] },
  { name: 'weights and smoothing', rows: 3, classes: 3, codes: [2, 0, 1], weights: [0.5, 0, 3], labelSmoothing: 0.3 },
  { name: 'ignored rows', rows: 4, classes: 3, codes: [-100, 1, -100, 2] },
  { name: 'a class is ignored', rows: 3, classes: 3, codes: [0, 1, 2], ignoreIndex: 1 },
  { name: 'logits up to a thousand', rows: 3, classes: 4, codes: [0, 3, 1], range: [-1000, 1000] },
];
const attributesOf = ({ labelSmoothing = 0, ignoreIndex = -100 }: Use) => ({ labelSmoothing, ignoreIndex });

/** What each class counts in a row, and the row's probabilities. */
function row(
  { classes, weights, labelSmoothing = 0, ignoreIndex = -100 }: Use,
  logits: ArrayLike<number>,
  at: number,
  code: number,
) {
  const values = Array.from({ length: classes }, (_, c) => logits[at + c] ?? 0);
  const top = Math.max(...values);
  const logSum = top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
  const shares = values.map((_, c) =>
    code === ignoreIndex ? 0 : (weights?.[c] ?? 1) * ((c === code ? 1 - labelSmoothing : 0) + labelSmoothing / classes),
  );
  return { shares, logs: values.map((value) => value - logSum) };
}

export const softmaxCrossEntropyCases: OpCases = {
  op: softmaxCrossEntropyOp,
  cases: uses.map(
    (use): OpCase => ({
      name: `softmaxCrossEntropy: ${use.name}`,
      inputs: [{ shape: [use.rows, use.classes], ...(use.range && { range: use.range }) }],
      run([logits]) {
        if (!logits) return [];
        const codes = logits.runtime.tensor(Int32Array.from(use.codes), [use.rows], 'int32');
        const weights = use.weights ? [logits.runtime.tensor([...use.weights], [use.classes], logits.dtype)] : [];
        return logits.runtime.run(softmaxCrossEntropyOp, [logits, codes, ...weights], attributesOf(use));
      },
      reference([logits]): readonly HostTensor[] {
        const data = use.codes.map((code, i) => {
          const { shares, logs } = row(use, logits?.data ?? [], i * use.classes, code);
          // What does not count is not read: 0 · NaN is NaN.
          return shares.reduce((sum, share, c) => (share === 0 ? sum : sum - share * (logs[c] ?? 0)), 0);
        });
        return [{ shape: [use.rows], data }];
      },
    }),
  ),
};

export const softmaxCrossEntropyGradientCases: OpCases = {
  op: softmaxCrossEntropyGradientOp,
  cases: uses.map(
    (use): OpCase => ({
      name: `softmaxCrossEntropy gradient: ${use.name}`,
      inputs: [{ shape: [use.rows, use.classes], ...(use.range && { range: use.range }) }, { shape: [use.rows] }],
      run([logits, dy]) {
        if (!logits || !dy) return [];
        const codes = logits.runtime.tensor(Int32Array.from(use.codes), [use.rows], 'int32');
        const weights = use.weights ? [logits.runtime.tensor([...use.weights], [use.classes], logits.dtype)] : [];
        return logits.runtime.run(softmaxCrossEntropyGradientOp, [logits, codes, dy, ...weights], attributesOf(use));
      },
      reference([logits, dy]): readonly HostTensor[] {
        const data = use.codes.flatMap((code, i) => {
          const { shares, logs } = row(use, logits?.data ?? [], i * use.classes, code);
          const all = shares.reduce((a, b) => a + b, 0);
          if (code === (use.ignoreIndex ?? -100)) return shares;
          return shares.map((share, c) => (dy?.data[i] ?? 0) * (all * Math.exp(logs[c] ?? 0) - share));
        });
        return [{ shape: [use.rows, use.classes], data }];
      },
      // Infinite logits have no differences.
      ...(use.range && { differentiable: [] }),
    }),
  ),
};
