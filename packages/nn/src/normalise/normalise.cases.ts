/** Uses of normalisation over rows and columns: widths around four, one row, a constant row, more rows than a block. */
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { normaliseColumnsOp, normaliseRowsOp } from './normalise.ts';
import { normaliseGroupsOp } from './normalise-groups.ts';
import { normalisePowerOp } from './normalise-power.ts';

const epsilon = 1e-3;
const sizes = [
  [1, 1],
  [3, 2],
  [5, 4],
  [4, 7],
  [33, 18],
  [70, 3],
] as const;

function reference(over: 'rows' | 'columns', [x, scale, offset]: readonly HostTensor[]): readonly HostTensor[] {
  const [rows = 0, width = 0] = x?.shape ?? [];
  const value = (r: number, c: number): number => x?.data[r * width + c] ?? 0;
  const groups = over === 'rows' ? rows : width;
  const length = over === 'rows' ? width : rows;
  const member = (g: number, i: number): number => (over === 'rows' ? value(g, i) : value(i, g));
  const of = (f: (x: number) => number, g: number): number =>
    Array.from({ length }, (_, i) => f(member(g, i))).reduce((a, b) => a + b, 0) / length;
  const means = Array.from({ length: groups }, (_, g) => of((each) => each, g));
  const variances = means.map((mean, g) => of((each) => (each - mean) ** 2, g));
  const y = Array.from({ length: rows * width }, (_, at) => {
    const [r, c] = [Math.floor(at / width), at % width];
    const g = over === 'rows' ? r : c;
    const standard = (value(r, c) - (means[g] ?? 0)) / Math.sqrt((variances[g] ?? 0) + epsilon);
    return standard * (scale?.data[c] ?? 0) + (offset?.data[c] ?? 0);
  });
  const shape = over === 'rows' ? [rows, 1] : [1, width];
  return [
    { shape: [rows, width], data: y },
    { shape, data: means },
    { shape, data: variances },
  ];
}

const cases = (over: 'rows' | 'columns', op: OpCases['op']): OpCases => ({
  op,
  cases: sizes.map(
    ([rows, width]): OpCase => ({
      name: `${over} of ${rows} × ${width}`,
      inputs: [{ shape: [rows, width] }, { shape: [width] }, { shape: [width] }],
      run: (inputs) => inputs[0]?.runtime.run(op, inputs, { epsilon }) ?? [],
      reference: (inputs) => reference(over, inputs),
    }),
  ),
});
export const normaliseRowsCases: OpCases = cases('rows', normaliseRowsOp);
export const normaliseColumnsCases: OpCases = cases('columns', normaliseColumnsOp);

export const normalisePowerCases: OpCases = {
  op: normalisePowerOp,
  cases: sizes.map(
    ([rows, width]): OpCase => ({
      name: `power of ${rows} × ${width}`,
      inputs: [{ shape: [rows, width] }, { shape: [width] }],
      run: (inputs) => inputs[0]?.runtime.run(normalisePowerOp, inputs, { epsilon }) ?? [],
      reference: ([x, scale]) => [
        {
          shape: [rows, width],
          data: Array.from({ length: rows * width }, (_, at) => {
            const first = at - (at % width);
            const squares = Array.from({ length: width }, (__, c) => (x?.data[first + c] ?? 0) ** 2);
            const power = squares.reduce((a, b) => a + b, 0) / width;
            return ((x?.data[at] ?? 0) / Math.sqrt(power + epsilon)) * (scale?.data[at % width] ?? 0);
          }),
        },
      ],
    }),
  ),
};

/** Examples, positions, channels, groups: one group, a channel a group, more positions than a chain, channels around a vector. */
const groupings = [
  [1, 1, 1, 1],
  [2, 3, 6, 2],
  [3, 5, 4, 4],
  [2, 70, 7, 7],
  [1, 130, 18, 3],
  [2, 4, 35, 1],
  [0, 3, 4, 2],
] as const;

export const normaliseGroupsCases: OpCases = {
  op: normaliseGroupsOp,
  cases: groupings.map(
    ([batch, positions, channels, groups]): OpCase => ({
      name: `${groups} groups of ${batch} × ${positions} × ${channels}`,
      inputs: [{ shape: [batch, positions, channels] }, { shape: [channels] }, { shape: [channels] }],
      run: (inputs) => inputs[0]?.runtime.run(normaliseGroupsOp, inputs, { groups, epsilon }) ?? [],
      reference: ([x, scale, offset]) => {
        const width = channels / groups;
        const places = (b: number, g: number): readonly number[] =>
          Array.from(
            { length: positions * width },
            (_, i) => (b * positions + Math.floor(i / width)) * channels + g * width + (i % width),
          );
        const data = new Float64Array(batch * positions * channels);
        for (let b = 0; b < batch; b++)
          for (let g = 0; g < groups; g++) {
            const all = places(b, g);
            const mean = all.reduce((sum, at) => sum + (x?.data[at] ?? 0), 0) / all.length;
            const variance = all.reduce((sum, at) => sum + ((x?.data[at] ?? 0) - mean) ** 2, 0) / all.length;
            for (const at of all) {
              const standard = ((x?.data[at] ?? 0) - mean) / Math.sqrt(variance + epsilon);
              data[at] = standard * (scale?.data[at % channels] ?? 0) + (offset?.data[at % channels] ?? 0);
            }
          }
        return [{ shape: [batch, positions, channels], data }];
      },
    }),
  ),
};
