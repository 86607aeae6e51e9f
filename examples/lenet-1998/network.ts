/** LeNet-5 as the paper of 1998 has it: seven levels above 32 × 32 pixels, 60,000 trained numbers, distances for an output. */
import { conv2d } from '@dendrite/cnn';
import {
  add,
  concat,
  expandDims,
  full,
  logSumExp,
  mul,
  neg,
  pad,
  square,
  sub,
  sum,
  takeAlongAxis,
} from '@dendrite/core';
import { dense, flatten, type Loss, network } from '@dendrite/nn';
import type { Layer, Tensor } from '@dendrite/spec';
import { digitCodes } from './digit-codes.ts';
import { partialConvolution } from './partial-convolution.ts';
import { byFanIn, squash } from './squash.ts';
import { subsampling } from './subsampling.ts';

/** 28 × 28 pixels from 0 to 1 → 32 × 32 from −0.1 (paper) to 1.175 (ink), so that they average about 0. */
const framed = (x: Tensor): Tensor =>
  pad(sub(mul(x, 1.275), 0.1), { before: [0, 2, 2, 0], after: [0, 2, 2, 0], value: -0.1 });

/** `−‖x − code‖²` for each of the ten codes, which nothing trains: `[B, 84]` → `[B, 10]`, the nearest digit highest. */
function nearness(x: Tensor): Tensor {
  const codes = x.runtime.tensor(Float64Array.from(digitCodes), [1, 10, 84], x.dtype);
  return neg(sum(square(sub(expandDims(x, { axis: 1 }), codes)), { axes: 2 }));
}

/** Images `[B, 28, 28, 1]` → what `classifier` reads as logits: minus the distance to each digit. */
export const lenet1998 = (): Layer =>
  network(
    {
      c1: conv2d({ filters: 6, size: 5, initializer: byFanIn }),
      s2: subsampling(),
      c3: partialConvolution(),
      s4: subsampling(),
      c5: conv2d({ filters: 120, size: 5, initializer: byFanIn }),
      f6: dense(84, { initializer: byFanIn }),
    },
    ({ c1, s2, c3, s4, c5, f6 }, x) => {
      const low = squash(s2(squash(c1(framed(x)))));
      const high = squash(s4(squash(c3(low))));
      return nearness(squash(f6(flatten(squash(c5(high))))));
    },
  );

/**
 * Equation 9 of the paper: `distance to the truth + ln(e⁻ʲ + Σ e^−distance)`, j = 0.1: beside drawing the truth near it pushes the
 * others away, but not those that are far already ("rubbish" counts as an eleventh class).
 */
export const discriminativeLoss: Loss = (outputs, targets) => {
  const [rows = 0] = outputs.shape;
  const rubbish = full([rows, 1], -0.1, outputs);
  const truth = takeAlongAxis(outputs, expandDims(targets, { axis: 1 })); // [B, 1]
  return add(neg(sum(truth, { axes: 1 })), logSumExp(concat([outputs, rubbish], { axis: 1 }), { axes: 1 }));
};
