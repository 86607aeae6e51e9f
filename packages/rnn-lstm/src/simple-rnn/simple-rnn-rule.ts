/** The simple recurrent cell: one product, one squashing. */
import { choose, formula as f } from '@dendrite/core';
import type { Expression } from '@dendrite/spec';
import type { CellRule } from '../recurrence/cell-rule.ts';
import { tanhSlope } from '../recurrence/squash.ts';

const zero: Expression = { constant: 0 };

/** `h' = tanh(x·W + b + h·U)`, or relu of it. @source Elman (1990); Le, Jaitly and Hinton (2015) for relu */
export const simpleRnnRule: CellRule = {
  name: 'rnn-lstm/simple-rnn',
  called: 'simpleRnn',
  gates: 1,
  states: 1,
  kept: 0,
  recurrentBias: false,
  step({ projected: [x = zero], product: [h = zero] }, { activation }) {
    const sum = f.add(x, h);
    return { states: [activation === 'relu' ? choose(f.lt(sum, 0), 0, sum) : f.tanh(sum)], kept: [] };
  },
  back({ after: [h = zero], cotangents: [dh = zero] }, { activation }) {
    return {
      projected: [activation === 'relu' ? choose(f.lt(0, h), dh, 0) : f.mul(dh, tanhSlope(h))],
      states: [null],
    };
  },
};
