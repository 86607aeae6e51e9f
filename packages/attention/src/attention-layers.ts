/** This package's layers and models by name, for models that are loaded from a file. */
import { activationFrom, type Build, buildLayer, type FactoryTable, modelFactory } from '@dendrite/nn';
import type { Json } from '@dendrite/spec';
import { additiveAttention } from './additive-attention/additive-attention.ts';
import { attentionPooling } from './attention-pooling/attention-pooling.ts';
import { type AttentionLevel, hierarchicalAttention } from './hierarchical-attention/hierarchical-attention.ts';
import { multiHeadAttention } from './multi-head-attention/multi-head-attention.ts';
import { learnedPositions } from './positions/learned-positions.ts';
import { sinusoidalPositions } from './positions/sinusoidal-positions.ts';
import { type CausalLanguageModelOptions, causalLanguageModel } from './text-models/causal-language-model.ts';
import {
  type DocumentClassifierOptions,
  documentClassifier,
  type TextClassifierOptions,
  textClassifier,
} from './text-models/text-classifier.ts';
import { type TranslatorOptions, translator } from './text-models/translator.ts';
import { transformerDecoderLayer } from './transformer/decoder-layer.ts';
import { transformerEncoderLayer } from './transformer/encoder-layer.ts';

type Fields = Readonly<Record<string, Json>>;
/** The options of a layer with its activation as a function again. */
function withActivation<O>(config: Json): O {
  const { activation, ...rest } = config as Fields;
  const called = activationFrom(activation);
  return { ...rest, ...(called && { activation: called }) } as O;
}

const size = ['width', 'heads', 'dropout', 'vocabulary', 'length'];

/** Pass it where a model is loaded: `load(bytes, { with: [nnLayers, attentionLayers] })`. */
export const attentionLayers: FactoryTable = Object.freeze({
  'attention/multi-head-attention': (config: Json) =>
    multiHeadAttention(config as Fields & Parameters<typeof multiHeadAttention>[0]),
  'attention/additive-attention': (config: Json) => additiveAttention(config as Fields),
  'attention/attention-pooling': (config: Json) => attentionPooling(config as Fields),
  'attention/learned-positions': (config: Json) => learnedPositions({ length: Number((config as Fields).length) }),
  'attention/encoder-layer': (config: Json) => transformerEncoderLayer(withActivation(config)),
  'attention/decoder-layer': (config: Json) => transformerDecoderLayer(withActivation(config)),
  'attention/hierarchical-attention': (config: Json, build: Build) => {
    const { levels, ...rest } = config as Fields;
    const built = (levels as readonly Fields[]).map(
      ({ encoder, ...level }): AttentionLevel => ({
        ...level,
        ...(encoder !== undefined && { encoder: buildLayer(encoder, build) }),
      }),
    );
    return hierarchicalAttention({ ...rest, levels: built });
  },
  'attention/causal-language-model': modelFactory<CausalLanguageModelOptions>(
    'attention/causal-language-model',
    [...size, 'layers', 'level'],
    causalLanguageModel,
  ),
  'attention/text-classifier': modelFactory<TextClassifierOptions>(
    'attention/text-classifier',
    [...size, 'layers', 'level'],
    textClassifier,
  ),
  'attention/document-classifier': modelFactory<DocumentClassifierOptions>(
    'attention/document-classifier',
    [...size, 'level', 'levels'],
    documentClassifier,
  ),
  'attention/translator': modelFactory<TranslatorOptions>(
    'attention/translator',
    [...size, 'layers', 'source', 'target'],
    translator,
  ),
  'function/sinusoidalPositions': () => sinusoidalPositions,
});
