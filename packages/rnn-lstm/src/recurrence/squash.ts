/** Sigmoid as an expression, and the slopes of the squashing functions from their values. */
import { formula as f } from '@dendrite/core';
import type { Expression } from '@dendrite/spec';

/** `1 / (1 + e⁻ˣ)`, as core's `sigmoid`. */
export const sigmoidOf = (x: Expression): Expression => f.div(1, f.add(1, f.exp(f.neg(x))));
/** σ′ from σ. */
export const sigmoidSlope = (y: Expression): Expression => f.mul(y, f.sub(1, y));
/** tanh′ from tanh. */
export const tanhSlope = (y: Expression): Expression => f.sub(1, f.square(y));
