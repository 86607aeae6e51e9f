/** Uses of argMax and argMin: the first of equals, the first NaN. */
import type { CaseInput, OpCase, OpCases, Tensor } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { argMax, argMin } from './arg-reduce.ts';

/** Along `axis`: a NaN beats all, and nothing beats what came first. */
const best = (axis: number, beats: (a: number, b: number) => boolean) =>
  ofOne((x) =>
    host(
      x.shape.filter((_, a) => a !== axis),
      (index) => {
        const value = (k: number): number => at(x, [...index.slice(0, axis), k, ...index.slice(axis)]);
        let winner = 0;
        for (let k = 1; k < (x.shape[axis] as number); k++) {
          if (Number.isNaN(value(winner))) break;
          if (Number.isNaN(value(k)) || beats(value(k), value(winner))) winner = k;
        }
        return winner;
      },
    ),
  );

/** Whole numbers that come again and again, every other 0 a −0. */
const waves = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round(7 * Math.sin(i * 1.7)) || (i % 2 === 0 ? 0 : -0));

const inputs: readonly (readonly [name: string, input: CaseInput, axis: number])[] = [
  ['one element', { shape: [1] }, 0],
  ['33', { shape: [33], values: 'distinct' }, 0],
  ['rows', { shape: [3, 5], values: 'distinct' }, 1],
  ['columns', { shape: [3, 5], values: 'distinct' }, 0],
  ['a middle axis of rank 4', { shape: [2, 3, 4, 2], values: 'distinct' }, 1],
  ['no rows', { shape: [0, 3] }, 1],
  ['ties', { shape: [2, 4], values: [1, 3, 3, 0, 2, 2, 2, 2] }, 1],
  ['all negative', { shape: [4], values: [-4, -2, -9, -3] }, 0],
  ['NaN', { shape: [2, 4], values: [1, Number.NaN, 9, Number.NaN, -1, 0, 1, 2] }, 1],
  ['infinities', { shape: [2, 2], values: [-Infinity, -Infinity, Infinity, 1] }, 1],
  ['rows of 70, ties and zeros of both signs', { shape: [3, 70], values: waves(210) }, 1],
  ['rows of 39, a NaN behind the whole vectors', { shape: [2, 39], values: waves(78).with(38, Number.NaN) }, 1],
  ['a NaN in a vector', { shape: [1, 257], values: waves(257).with(130, Number.NaN).with(200, Number.NaN) }, 1],
  ['37 columns', { shape: [5, 37], values: waves(185).with(80, Number.NaN) }, 0],
  ['int32', { shape: [4], dtype: 'int32', values: [-4, 7, -9, 7] }, 0],
];
const casesOf = (
  name: string,
  run: (x: Tensor, options: { readonly axis?: number }) => Tensor,
  beats: (a: number, b: number) => boolean,
): OpCase[] =>
  inputs.map(([title, input, axis]) => ({
    name: `${name}: ${title}`,
    inputs: [input],
    run: one((x) => run(x, axis === input.shape.length - 1 ? {} : { axis })),
    reference: best(axis, beats),
  }));

export const argReduceCases: OpCases = {
  op: opNamed('core/arg-reduce'),
  cases: [...casesOf('argMax', argMax, (a, b) => a > b), ...casesOf('argMin', argMin, (a, b) => a < b)],
};
