/** Saved classifiers of texts and language models as ONNX models. */
import { softmax } from '@dendrite/core';
import { judgeSaved, savedToOnnx } from '@dendrite/nn/onnx';
import type { Json, RestoreOptions, SavedModel, Tensor } from '@dendrite/spec';
import { attentionLayers } from '../attention-layers.ts';
import { type LanguageForm, languageNet } from '../text-models/language-net.ts';
import { type Judged, type TextForm, textNet } from '../text-models/text-net.ts';
import { configOf, type Fields, mostTokens, sizeOf, vocabularyText } from './learned.ts';

const classifiers = ['attention/text-classifier', 'attention/document-classifier'];
const languageModel = 'attention/causal-language-model';

/**
 * The bytes of an `.onnx` file of a classifier of texts or a language model. Texts are cut into tokens outside: input `tokens`
 * `[batch, tokens]` int32 holds their codes, padded behind with 0; the metadata say, as JSON, what each code stands for (`vocabulary`:
 * `{ level, tokens, special }`, where `tokens[i]` has the code `i + 4`) and the `labels`.
 *
 * - `textClassifier`: outputs `probabilities` `[batch, labels]` and `weights` `[batch, tokens]`, how much each token counted. Any number
 *   of tokens up to the model's length, or 16 where that is less: padding changes nothing.
 * - `documentClassifier`: the same; the number of tokens is a multiple of those of a group of its last level (1,024 for levels of 32 and
 *   32).
 * - `causalLanguageModel`: output `logits` `[batch, tokens, codes]` of what follows each token; any number up to the model's length.
 * @param saved  of `save()`
 * @param options.maxBytes  as of `load`: the most bytes that the model may need beside a few times its file, default 2^30
 * @throws OPTION  for another model; FORMAT  for what `load` refuses
 * @example
 * import { textClassifier } from '@dendrite/attention';
 * import { toOnnx } from '@dendrite/attention/onnx';
 * const x = ['a fine film', 'dull and long', 'fine acting', 'a dull story'];
 * const model = textClassifier({ width: 8, heads: 2, layers: 1, epochs: 1 });
 * const fitted = await model.fit({ x, y: ['good', 'bad', 'good', 'bad'] });
 * const bytes = await toOnnx(await fitted.save());
 * bytes[0]; // 8
 */
export async function toOnnx(
  saved: SavedModel,
  options: Pick<RestoreOptions, 'maxBytes'> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const config = configOf(saved, [...classifiers, languageModel], 'For a translator there is translatorToOnnx().');
  await judgeSaved(saved, { tables: [attentionLayers], ...options });
  const learned = config.learned as Fields;
  const size = sizeOf(config);
  const vocabulary = vocabularyText(learned.vocabulary);
  if (saved.header.model.name === languageModel) {
    const form = learned.form as Fields & LanguageForm;
    return savedToOnnx(
      {
        saved,
        layer: languageNet(form, size),
        feature: [form.length + 1],
        inputs: { tokens: { shape: ['batch', 'tokens'], dtype: 'int32' } },
        lengths: { tokens: mostTokens(form.length) },
        metadata: { vocabulary },
      },
      ({ tokens }, network) => ({ logits: network({ codes: tokens as Tensor }) }),
    );
  }
  const labels = learned.labels as readonly Json[];
  const length = Number(learned.length);
  const levels = config.levels as readonly number[] | undefined;
  const group = levels?.reduce((all, each) => all * each, 1) ?? 1;
  const form: TextForm = {
    codes: codesOf(learned.vocabulary),
    length,
    labels: labels.length,
    ...(levels && { levels }),
  };
  return savedToOnnx(
    {
      saved,
      layer: textNet(form, size),
      feature: [length],
      inputs: { tokens: { shape: ['batch', 'tokens'], dtype: 'int32' } },
      lengths: {
        tokens: levels
          ? { multipleOf: group, most: Math.max(4, Math.ceil(length / group)) * group }
          : mostTokens(length),
      },
      metadata: { vocabulary, labels: JSON.stringify(labels) },
    },
    ({ tokens }, network) => {
      const { logits, weights } = network({ codes: tokens as Tensor }) as Judged;
      return { probabilities: softmax(logits), weights };
    },
  );
}

/** Tokens, and the four codes that are none. */
const codesOf = (vocabulary: Json | undefined): number => ((vocabulary as Fields).tokens as readonly Json[]).length + 4;
