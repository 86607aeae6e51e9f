/** Uses of softmax and its logarithm. */
import type { CaseInput, HostTensor, OpCase, OpCases, Tensor } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { logSoftmax, softmax } from './softmax.ts';

/** xᵢ − max and Σⱼ e^(xⱼ − max) along `axis`. */
const along = (axis: number, value: (off: number, total: number) => number) =>
  ofOne((x: HostTensor) =>
    host(x.shape, (index) => {
      const row = Array.from({ length: x.shape[axis] as number }, (_, k) => at(x, index.with(axis, k)));
      const top = Math.max(...row);
      return value(
        at(x, index) - top,
        row.reduce((total, each) => total + Math.exp(each - top), 0),
      );
    }),
  );

const inputs: readonly (readonly [name: string, input: CaseInput, axis: number])[] = [
  ['1', { shape: [1] }, 0],
  ['5', { shape: [5] }, 0],
  ['33', { shape: [2, 33] }, 1],
  ['no rows', { shape: [0, 3] }, 1],
  ['rank 4', { shape: [2, 1, 3, 4] }, 3],
  ['the first axis', { shape: [3, 4] }, 0],
  ['a middle axis', { shape: [2, 3, 4] }, 1],
  ['far values', { shape: [2, 3], values: [1000, 1000, 999, -1000, -1001, -1002] }, 1],
  ['a masked score', { shape: [3], values: [1, 2, -1e9] }, 0],
];
const casesOf = (
  run: (x: Tensor, options: { readonly axis?: number }) => Tensor,
  value: (off: number, total: number) => number,
): OpCase[] =>
  inputs.map(([name, input, axis]) => ({
    name,
    inputs: [input],
    run: one((x) => run(x, axis === input.shape.length - 1 ? {} : { axis })),
    reference: along(axis, value),
    ...(name === 'a masked score' ? { differentiable: [] } : {}), // differences of 1e9 are too coarse
  }));

export const softmaxCases: OpCases = {
  op: opNamed('core/softmax'),
  cases: casesOf(softmax, (off, total) => Math.exp(off) / total),
};
export const logSoftmaxCases: OpCases = {
  op: opNamed('core/log-softmax'),
  cases: casesOf(logSoftmax, (off, total) => off - Math.log(total)),
};
