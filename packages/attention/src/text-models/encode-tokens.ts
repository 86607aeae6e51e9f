/** Codes to vectors with their places: how every model of text begins. */
import { mul, notEqual } from '@dendrite/core';
import { embedding, lecunNormal } from '@dendrite/nn';
import type { Layer, Tensor } from '@dendrite/spec';
import { sinusoidalPositions } from '../positions/sinusoidal-positions.ts';

/** A vector of length about 1 for each code; none for padding. */
export const tokenEmbedding = (codes: number, width: number): Layer =>
  embedding(codes, width, { paddingIndex: 0, initializer: lecunNormal });

/** `[B, T]` codes → `[B, T, C]`. Vectors are drawn out to the length of the waves that say their places. */
export const placed = (embed: (codes: Tensor) => Tensor, codes: Tensor): Tensor => {
  const x = embed(codes);
  return sinusoidalPositions(mul(x, Math.sqrt(x.shape.at(-1) ?? 1)));
};

/** bool `[B, T]`: where a token is. */
export const realTokens = (codes: Tensor): Tensor => notEqual(codes, 0);
