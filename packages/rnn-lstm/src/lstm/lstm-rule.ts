/** The long short-term memory cell. Gates in the order input, forget, candidate, output. */
import { formula as f } from '@dendrite/core';
import type { Expression } from '@dendrite/spec';
import type { CellRule } from '../recurrence/cell-rule.ts';
import { sigmoidOf, sigmoidSlope, tanhSlope } from '../recurrence/squash.ts';

const at = (list: readonly Expression[], i: number): Expression => list[i] ?? { constant: 0 };

/**
 * `i, f, o = σ(…)`, `g = tanh(…)`, `c' = f·c + i·g`, `h' = o·tanh(c')`.
 * @source Hochreiter and Schmidhuber (1997); Gers, Schmidhuber and Cummins (2000) for the forget gate
 */
export const lstmRule: CellRule = {
  name: 'rnn-lstm/lstm',
  called: 'lstm',
  gates: 4,
  states: 2,
  kept: 4,
  recurrentBias: false,
  step({ projected, product, states }) {
    const sums = projected.map((part, gate) => f.add(part, at(product, gate)));
    const input = sigmoidOf(at(sums, 0));
    const forget = sigmoidOf(at(sums, 1));
    const candidate = f.tanh(at(sums, 2));
    const output = sigmoidOf(at(sums, 3));
    const cell = f.add(f.mul(forget, at(states, 1)), f.mul(input, candidate));
    return { states: [f.mul(output, f.tanh(cell)), cell], kept: [input, forget, candidate, output] };
  },
  back({ kept, before, after, cotangents }) {
    const [input, forget, candidate, output] = [at(kept, 0), at(kept, 1), at(kept, 2), at(kept, 3)];
    const [dh, dc] = [at(cotangents, 0), at(cotangents, 1)];
    const squashed = f.tanh(at(after, 1));
    const dcell = f.add(dc, f.mul(f.mul(dh, output), tanhSlope(squashed)));
    return {
      projected: [
        f.mul(f.mul(dcell, candidate), sigmoidSlope(input)),
        f.mul(f.mul(dcell, at(before, 1)), sigmoidSlope(forget)),
        f.mul(f.mul(dcell, input), tanhSlope(candidate)),
        f.mul(f.mul(dh, squashed), sigmoidSlope(output)),
      ],
      states: [null, f.mul(dcell, forget)],
    };
  },
};
