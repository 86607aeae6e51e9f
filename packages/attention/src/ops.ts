/** @dendrite/attention/ops: attention as functions of tensors, and the ops behind them. */
export { lengthMask, type MaskOptions } from './mask/mask.ts';
export { type RotaryOptions, rotaryPositions } from './positions/rotary-positions.ts';
export { sinusoidalPositions } from './positions/sinusoidal-positions.ts';
export {
  attentionWeights,
  type ScaledDotProductOptions,
  scaledDotProduct,
} from './scaled-dot-product/scaled-dot-product.ts';
export { scaledDotProductGradientOp, scaledDotProductOp } from './scaled-dot-product/scaled-dot-product-op.ts';
