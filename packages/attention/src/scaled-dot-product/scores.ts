/** Scores and probabilities of attention, written once: the op, its gradient and `attentionWeights` are made of them. */
import { logicalAnd, matmul, mul, where } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { causalMask } from '../mask/mask.ts';

/** Stands for −∞ in float32 and float64 alike: e to it is 0 beside any real score, and it stays finite where no key is seen. */
export const unseen = -1e30;

export interface Scores {
  /** `[…, T, S]`, `unseen` where a key may not be seen. */
  readonly scores: Tensor;
  /** Broadcasts to the scores; undefined: all keys are seen. */
  readonly allowed: Tensor | undefined;
}

/** `scale · query · keyᵀ` under the mask. */
export function maskedScores(
  query: Tensor,
  key: Tensor,
  mask: Tensor | undefined,
  causal: boolean,
  scale: number,
): Scores {
  const scores = mul(matmul(query, key, { transposeB: true }), scale);
  const [queries = 0, keys = 0] = scores.shape.slice(-2);
  const past = causal ? causalMask(query.runtime, queries, keys) : undefined;
  const allowed = past && mask ? logicalAnd(past, mask) : (past ?? mask);
  return { scores: allowed === undefined ? scores : where(allowed, scores, unseen), allowed };
}

/** Zero where a key may not be seen, in rows without any key too. */
export const seen = (probabilities: Tensor, allowed: Tensor | undefined): Tensor =>
  allowed === undefined ? probabilities : where(allowed, probabilities, 0);
