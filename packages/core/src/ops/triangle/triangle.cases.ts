/** Uses of triangular parts. */
import type { OpCase, OpCases, Shape, Tensor } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { lowerTriangle, upperTriangle } from './triangle.ts';

const forms: readonly (readonly [name: string, shape: Shape, diagonal: number])[] = [
  ['square', [4, 4], 0],
  ['1 × 1', [1, 1], 0],
  ['wide, above the diagonal', [3, 5], 1],
  ['tall, below the diagonal', [5, 3], -2],
  ['far outside', [2, 2], 9],
  ['far outside below', [2, 2], -9],
  ['a batch', [2, 3, 3], 0],
  ['no rows', [0, 3], 0],
];
const casesOf = (
  name: string,
  run: (x: Tensor, options: { readonly diagonal?: number }) => Tensor,
  stays: (off: number, diagonal: number) => boolean,
): OpCase[] =>
  forms.map(([title, shape, diagonal]) => ({
    name: `${name}: ${title}`,
    inputs: [{ shape }],
    run: one((x) => run(x, diagonal === 0 ? {} : { diagonal })),
    reference: ofOne((x) =>
      host(shape, (index) => (stays((index.at(-1) as number) - (index.at(-2) as number), diagonal) ? at(x, index) : 0)),
    ),
  }));

export const triangleCases: OpCases = {
  op: opNamed('core/where'),
  cases: [
    ...casesOf('lowerTriangle', lowerTriangle, (off, diagonal) => off <= diagonal),
    ...casesOf('upperTriangle', upperTriangle, (off, diagonal) => off >= diagonal),
  ],
};
