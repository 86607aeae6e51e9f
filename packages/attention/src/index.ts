/** @dendrite/attention: attention, positions, transformer layers and models of text. Sequences are `[batch, tokens, width]`. */
export { lengthMask, type MaskOptions } from './mask/mask.ts';
export {
  attentionWeights,
  type ScaledDotProductOptions,
  scaledDotProduct,
} from './scaled-dot-product/scaled-dot-product.ts';
