/** The gated recurrent unit with the reset gate behind the recurrent product. Gates in the order reset, update, candidate. */
import { formula as f } from '@dendrite/core';
import type { Expression } from '@dendrite/spec';
import type { CellRule } from '../recurrence/cell-rule.ts';
import { sigmoidOf, sigmoidSlope, tanhSlope } from '../recurrence/squash.ts';

const at = (list: readonly Expression[], i: number): Expression => list[i] ?? { constant: 0 };

/**
 * `r, z = σ(…)`, `n = tanh(x·Wₙ + bₙ + r·(h·Uₙ + uₙ))`, `h' = (1 − z)·n + z·h`.
 * @source Cho et al. (2014), in the form of cuDNN and PyTorch
 */
export const gruRule: CellRule = {
  name: 'rnn-lstm/gru',
  called: 'gru',
  gates: 3,
  states: 1,
  kept: 4,
  recurrentBias: true,
  step({ projected, product, states }) {
    const reset = sigmoidOf(f.add(at(projected, 0), at(product, 0)));
    const update = sigmoidOf(f.add(at(projected, 1), at(product, 1)));
    const candidate = f.tanh(f.add(at(projected, 2), f.mul(reset, at(product, 2))));
    const hidden = f.add(f.mul(f.sub(1, update), candidate), f.mul(update, at(states, 0)));
    return { states: [hidden], kept: [reset, update, candidate, at(product, 2)] };
  },
  back({ kept, before, cotangents }) {
    const [reset, update, candidate, product] = [at(kept, 0), at(kept, 1), at(kept, 2), at(kept, 3)];
    const dh = at(cotangents, 0);
    const dcandidate = f.mul(f.mul(dh, f.sub(1, update)), tanhSlope(candidate));
    const dreset = f.mul(f.mul(dcandidate, product), sigmoidSlope(reset));
    const dupdate = f.mul(f.mul(dh, f.sub(at(before, 0), candidate)), sigmoidSlope(update));
    return {
      projected: [dreset, dupdate, dcandidate],
      product: [dreset, dupdate, f.mul(dcandidate, reset)],
      states: [f.mul(dh, update)],
    };
  },
};
