/** @dendrite/attention: attention, positions, transformer layers and models of text. Sequences are `[batch, tokens, width]`. */
export {
  type AdditiveAttention,
  type AdditiveAttentionOptions,
  type AdditiveParts,
  additiveAttention,
} from './additive-attention/additive-attention.ts';
export { attentionLayers } from './attention-layers.ts';
export {
  type AttentionPooling,
  type AttentionPoolingOptions,
  attentionPooling,
  type Pooled,
} from './attention-pooling/attention-pooling.ts';
export {
  type AttentionLevel,
  type HierarchicalAttention,
  type HierarchicalAttentionOptions,
  hierarchicalAttention,
  type Read,
} from './hierarchical-attention/hierarchical-attention.ts';
export { lengthMask, type MaskOptions } from './mask/mask.ts';
export {
  type AttentionInput,
  type AttentionParts,
  type MultiHeadAttention,
  type MultiHeadAttentionOptions,
  multiHeadAttention,
  type Weighed,
} from './multi-head-attention/multi-head-attention.ts';
export { type LearnedPositions, learnedPositions } from './positions/learned-positions.ts';
export { type RotaryOptions, rotaryPositions } from './positions/rotary-positions.ts';
export { sinusoidalPositions } from './positions/sinusoidal-positions.ts';
export {
  attentionWeights,
  type ScaledDotProductOptions,
  scaledDotProduct,
} from './scaled-dot-product/scaled-dot-product.ts';
export {
  type CausalLanguageModel,
  type CausalLanguageModelOptions,
  causalLanguageModel,
  type FittedLanguageModel,
  type LanguageData,
  type LanguageFitOptions,
  type WriteOptions,
} from './text-models/causal-language-model.ts';
export {
  type DocumentClassifierOptions,
  documentClassifier,
  type FittedTextClassifier,
  type TextClassifier,
  type TextClassifierOptions,
  type TextFitOptions,
  type TokenWeight,
  textClassifier,
} from './text-models/text-classifier.ts';
export type { TextData } from './text-models/texts.ts';
export type { TextNetOptions } from './text-models/transformer-options.ts';
export {
  type AttentionMap,
  type FittedTranslator,
  type Translator,
  type TranslatorFitOptions,
  type TranslatorOptions,
  translator,
} from './text-models/translator.ts';
export {
  type DecoderInput,
  type DecoderLayerOptions,
  type DecoderOutput,
  type TransformerDecoderLayer,
  transformerDecoderLayer,
} from './transformer/decoder-layer.ts';
export {
  type EncoderInput,
  type EncoderLayerOptions,
  type TransformerEncoderLayer,
  transformerEncoderLayer,
} from './transformer/encoder-layer.ts';
export type { TransformerOptions } from './transformer/transformer-block.ts';
