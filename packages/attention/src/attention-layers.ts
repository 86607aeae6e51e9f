/** This package's layers by name, for models that are loaded from a file. */
import { activationFrom, type Build, buildLayer, type FactoryTable } from '@dendrite/nn';
import type { Json } from '@dendrite/spec';
import { additiveAttention } from './additive-attention/additive-attention.ts';
import { attentionPooling } from './attention-pooling/attention-pooling.ts';
import { type AttentionLevel, hierarchicalAttention } from './hierarchical-attention/hierarchical-attention.ts';
import { multiHeadAttention } from './multi-head-attention/multi-head-attention.ts';
import { learnedPositions } from './positions/learned-positions.ts';
import { sinusoidalPositions } from './positions/sinusoidal-positions.ts';
import { transformerDecoderLayer } from './transformer/decoder-layer.ts';
import { transformerEncoderLayer } from './transformer/encoder-layer.ts';

type Fields = Readonly<Record<string, Json>>;
/** The options of a layer with its activation as a function again. */
function withActivation<O>(config: Json): O {
  const { activation, ...rest } = config as Fields;
  const called = activationFrom(activation);
  return { ...rest, ...(called && { activation: called }) } as O;
}

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
  'function/sinusoidalPositions': () => sinusoidalPositions,
});
