/** What a row's true class puts on each class: `(1 − ε)·w[y]·[c = y] + (ε / K)·w[c]`, nothing where the row is ignored. */
import { add, cast, expandDims, mul, notEqual, oneHot, reshape } from '@dendrite/core';
import type { Attributes, Tensor } from '@dendrite/spec';

/** `[N, K]` in the dtype of the logits. */
export function rowWeights(logits: Tensor, codes: Tensor, weights: Tensor | undefined, attributes: Attributes): Tensor {
  const classes = logits.shape[1] ?? 0;
  const smoothing = Number(attributes.labelSmoothing);
  let made = oneHot(codes, { classes, dtype: logits.dtype });
  if (smoothing !== 0) made = add(mul(made, 1 - smoothing), smoothing / classes);
  if (weights !== undefined) {
    // With smoothing each class's share has its own weight; without it only the true class is left, so this is the same.
    made = mul(made, reshape(weights, [1, classes]));
  }
  return mul(made, expandDims(cast(notEqual(codes, Number(attributes.ignoreIndex)), logits.dtype), { axis: 1 }));
}
