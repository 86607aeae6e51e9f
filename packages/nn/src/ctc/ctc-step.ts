/** One time step of CTC's forward recursion, in log space, as an element-wise op. */
import { choose, expressionOp, formula as f, input } from '@dendrite/core';
import type { Expression, ExpressionOp } from '@dendrite/spec';

/** The logarithm of a probability that counts as 0. Finite, so that no difference of two is NaN; emissions vanish beside it. */
export const impossible = -1e30;

const [stay, next, skip, mayNotSkip, emission, active] = [0, 1, 2, 3, 4, 5].map(input) as [
  Expression,
  Expression,
  Expression,
  Expression,
  Expression,
  Expression,
];
const [y, dy] = [input(6), input(7)];
const skipped = f.add(skip, mayNotSkip);
const largest = f.max(f.max(stay, next), skipped);
const total = f.add(f.exp(f.sub(stay, largest)), f.add(f.exp(f.sub(next, largest)), f.exp(f.sub(skipped, largest))));
/** The share that came from one of the three places. */
const share = (from: Expression): Expression => f.exp(f.min(0, f.sub(from, f.sub(y, emission))));

/**
 * `ln(e^stay + e^next + e^(skip + mayNotSkip)) + emission` where `active`, `stay` elsewhere. Inputs `[B, L]` in this order:
 * the state's own logarithm a step before, that of the state before it, of the one before that, 0 or `impossible`, the
 * logarithm of the symbol's probability, and whether the sequence still runs.
 */
export const ctcStepOp: ExpressionOp = /*#__PURE__*/ expressionOp({
  name: 'nn/ctc-step',
  inputs: 6,
  expressions: [choose(active, f.add(f.add(largest, f.log(total)), emission), stay)],
  derivatives: [
    choose(active, f.mul(dy, share(stay)), dy),
    choose(active, f.mul(dy, share(next)), 0),
    choose(active, f.mul(dy, share(skipped)), 0),
    null,
    choose(active, dy, 0),
    null,
  ],
});
