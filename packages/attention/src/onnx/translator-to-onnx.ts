/** A saved translator as two ONNX models: one reads, the other writes. */
import { notEqual } from '@dendrite/core';
import { judgeSaved, savedToOnnx } from '@dendrite/nn/onnx';
import type { RestoreOptions, SavedModel, Tensor } from '@dendrite/spec';
import { attentionLayers } from '../attention-layers.ts';
import { type Decoded, type PairForm, translatorNet } from '../text-models/translator-net.ts';
import { configOf, type Fields, mostTokens, sizeOf, vocabularyText } from './learned.ts';

export interface TranslatorFiles {
  readonly encoder: Uint8Array<ArrayBuffer>;
  readonly decoder: Uint8Array<ArrayBuffer>;
}

/**
 * The bytes of two `.onnx` files. `encoder`: input `source` `[batch, source]` int32, codes padded behind with 0; output `memory`
 * `[batch, source, width]`. `decoder`: inputs `memory`, `source` again, and `target` `[batch, target]`, what was written so far behind
 * the code of the beginning; outputs `logits` `[batch, target, codes]` of what follows each token, and `weights`
 * `[batch, target, source]`, where each looked. Both lengths are free up to the model's. The metadata hold `sourceVocabulary` and
 * `targetVocabulary` as JSON (see `toOnnx`), and `targetLength`, at which writing ends.
 *
 * To translate: ask the encoder once; begin with `special.begin`, ask the decoder, take the likeliest code from `special.end` on of the
 * last place, and go on until it is `special.end`.
 * @param saved  of `save()` of a fitted `translator`
 * @param options.maxBytes  as of `load`: the most bytes that the model may need beside a few times its file, default 2^30
 * @throws OPTION  for another model; FORMAT  for what `load` refuses
 * @example no-run
 * import { translatorToOnnx } from '@dendrite/attention/onnx';
 * import type { SavedModel } from '@dendrite/spec';
 * declare const saved: SavedModel;
 * const { encoder, decoder } = await translatorToOnnx(saved);
 */
export async function translatorToOnnx(
  saved: SavedModel,
  options: Pick<RestoreOptions, 'maxBytes'> = {},
): Promise<TranslatorFiles> {
  const config = configOf(saved, ['attention/translator'], 'Other models of texts are exported by toOnnx().');
  await judgeSaved(saved, { tables: [attentionLayers], ...options });
  const learned = config.learned as Fields;
  const form = learned.form as Fields & PairForm;
  const { sourceLength, targetLength } = form;
  const shared = {
    saved,
    layer: translatorNet(form, sizeOf(config)),
    feature: [sourceLength + 1 + targetLength],
    metadata: {
      sourceVocabulary: vocabularyText(learned.source),
      targetVocabulary: vocabularyText(learned.target),
      targetLength: String(targetLength),
    },
  };
  const source = { shape: ['batch', 'source'], dtype: 'int32' } as const;
  const target = { shape: ['batch', 'target'], dtype: 'int32' } as const;
  const read = { source: mostTokens(sourceLength) };
  const encoder = await savedToOnnx({ ...shared, inputs: { source }, lengths: read }, (inputs, network) => ({
    memory: network({ source: inputs.source as Tensor }),
  }));
  const memory = { shape: ['batch', 'source', Number(config.width)] };
  const lengths = { ...read, target: mostTokens(targetLength) };
  const decoder = await savedToOnnx({ ...shared, inputs: { memory, source, target }, lengths }, (inputs, network) => {
    const memoryMask = notEqual(inputs.source as Tensor, 0);
    return network({ memory: inputs.memory as Tensor, memoryMask, target: inputs.target as Tensor }) as Decoded;
  });
  return { encoder, decoder };
}
