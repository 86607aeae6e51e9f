/** Uses of CTC, beside the sum over every path written out. */
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { type CtcLossOptions, ctcLoss } from './ctc-loss.ts';
import { ctcStepOp } from './ctc-step.ts';

interface Use extends Pick<CtcLossOptions, 'blank'> {
  readonly name: string;
  readonly logits: readonly [batch: number, steps: number, classes: number];
  readonly labels: readonly (readonly number[])[];
  readonly inputLengths?: readonly number[];
  readonly labelLengths?: readonly number[];
}

/** Repeats merged, blanks dropped. */
const read = (path: readonly number[], blank: number): string =>
  path.filter((symbol, t) => symbol !== blank && symbol !== path[t - 1]).join();

function everyPath(logits: HostTensor, { labels, inputLengths, labelLengths, blank = 0 }: Use): number[] {
  const [, steps = 0, classes = 0] = logits.shape;
  return labels.map((row, b) => {
    const length = inputLengths?.[b] ?? steps;
    const wanted = row.slice(0, labelLengths?.[b] ?? row.length).join();
    const rows = Array.from({ length }, (_, t) => {
      const scores = Array.from({ length: classes }, (__, k) => logits.data[(b * steps + t) * classes + k] as number);
      const top = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
      return scores.map((score) => Math.exp(score - top) / total);
    });
    let likelihood = 0;
    for (let n = 0; n < classes ** length; n++) {
      const path = rows.map((_, t) => Math.floor(n / classes ** t) % classes);
      if (read(path, blank) === wanted)
        likelihood += path.reduce((p, symbol, t) => p * (rows[t]?.[symbol] as number), 1);
    }
    return -Math.log(likelihood);
  });
}

const use = (each: Use): OpCase => ({
  name: `ctc: ${each.name}`,
  inputs: [
    { shape: each.logits },
    { shape: [each.labels.length, each.labels[0]?.length ?? 0], dtype: 'int32', values: each.labels.flat() },
  ],
  run: ([logits, labels]) => {
    const { name: _, logits: __, labels: ___, ...options } = each;
    return logits && labels ? ctcLoss(logits, labels, { ...options, reduction: 'none' }) : [];
  },
  reference: ([logits]) => (logits ? [{ shape: [each.labels.length], data: everyPath(logits, each) }] : []),
});

export const ctcCases: OpCases = {
  op: ctcStepOp,
  cases: [
    use({ name: 'one label in one step', logits: [1, 1, 2], labels: [[1]] }),
    use({
      name: 'two labels in four steps',
      logits: [2, 4, 3],
      labels: [
        [1, 2],
        [2, 1],
      ],
    }),
    use({ name: 'a repeat needs a blank between', logits: [1, 5, 3], labels: [[2, 2]] }),
    use({
      name: 'lengths of their own',
      logits: [3, 5, 3],
      labels: [
        [1, 2, 1],
        [2, -1, -1],
        [1, 1, 7],
      ],
      inputLengths: [5, 3, 4],
      labelLengths: [3, 1, 2],
    }),
    use({ name: 'no labels: blanks only', logits: [2, 3, 2], labels: [[], []] }),
    use({ name: 'no labels in one of two', logits: [2, 3, 3], labels: [[1], [2]], labelLengths: [0, 1] }),
    use({ name: 'the last class is the blank', logits: [1, 4, 3], labels: [[0, 1]], blank: 2 }),
    use({ name: 'as many labels as steps', logits: [1, 3, 4], labels: [[1, 3, 2]] }),
  ],
};
