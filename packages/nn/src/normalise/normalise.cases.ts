/** Uses of normalisation over rows and columns: widths around four, one row, a constant row, more rows than a block. */
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { normaliseColumnsOp, normaliseRowsOp } from './normalise.ts';

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
