/** Heads side by side: `[B, T, heads · D]` ↔ `[B, heads, T, D]`. */
import { reshape, transpose } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';

/** `[B, T, C]` → `[B, heads, T, C / heads]` */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch = 0, tokens = 0, width = 0] = x.shape;
  return transpose(reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}

/** `[B, heads, T, D]` → `[B, T, heads · D]` */
export function joinHeads(x: Tensor): Tensor {
  const [batch = 0, heads = 0, tokens = 0, width = 0] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * width]);
}
