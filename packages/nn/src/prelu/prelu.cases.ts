/** Uses of the learned rectifier. */
import type { OpCase, OpCases, Shape } from '@dendrite/spec';
import { preluOp } from './prelu.ts';

const use = (name: string, x: Shape, slope: Shape, values?: readonly number[]): OpCase => ({
  name: `prelu: ${name}`,
  inputs: [{ shape: x, ...(values && { values }) }, { shape: slope }],
  run: ([a, b]) => (a && b ? a.runtime.run(preluOp, [a, b]) : []),
  reference: ([a, b]) =>
    a && b
      ? [
          {
            shape: a.shape,
            data: Float64Array.from(a.data, (value, i) =>
              value > 0 ? value : value * (b.data[i % b.data.length] ?? 0),
            ),
          },
        ]
      : [],
  ...(values && { differentiable: [1] }),
});

export const preluCases: OpCases = {
  op: preluOp,
  cases: [
    use('a slope a channel', [2, 5, 3], [3]),
    use('one slope', [2, 3], [1]),
    use('33', [33], [33]),
    use('at zero', [1, 3], [3], [0, -0, 5]),
    use('nothing', [0, 3], [3]),
  ],
};
