/** Uses of the gradients of softmax and its logarithm, on outputs that need not be probabilities. */
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { logSoftmaxGradientOp, softmaxGradientOp } from './softmax-gradient.ts';

const shapes = [[1], [4], [7], [3, 5], [2, 33], [2, 3, 70], [0, 4]] as const;

type Row = readonly number[];
/** Row by row. */
const rows =
  (of: (y: Row, dy: Row) => Row) =>
  ([y, dy]: readonly HostTensor[]): readonly HostTensor[] => {
    const shape = y?.shape ?? [];
    const width = shape.at(-1) ?? 1;
    const rowAt = (x: HostTensor | undefined, at: number): Row =>
      Array.from({ length: width }, (_, i) => x?.data[at + i] ?? 0);
    const data: number[] = [];
    for (let at = 0; at < (y?.data.length ?? 0); at += width) data.push(...of(rowAt(y, at), rowAt(dy, at)));
    return [{ shape, data }];
  };
const total = (x: Row): number => x.reduce((a, b) => a + b, 0);

const table = (op: OpCases['op'], of: (y: Row, dy: Row) => Row): OpCases => ({
  op,
  cases: shapes.map(
    (shape): OpCase => ({
      name: `rows of ${shape.join(' × ')}`,
      inputs: [{ shape: [...shape] }, { shape: [...shape] }],
      run: (inputs) => inputs[0]?.runtime.run(op, inputs) ?? [],
      reference: rows(of),
    }),
  ),
});

export const softmaxGradientCases: OpCases = table(softmaxGradientOp, (y, dy) => {
  const sum = total(y.map((each, i) => each * (dy[i] ?? 0)));
  return y.map((each, i) => each * ((dy[i] ?? 0) - sum));
});
export const logSoftmaxGradientCases: OpCases = table(logSoftmaxGradientOp, (y, dy) =>
  y.map((each, i) => (dy[i] ?? 0) - Math.exp(each) * total(dy)),
);
