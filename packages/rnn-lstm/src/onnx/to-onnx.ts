/** Saved models of sequences, series and characters as ONNX models. */
import { judgeSaved, type savedToOnnx } from '@dendrite/nn/onnx';
import { DendriteError, type Json, type RestoreOptions, type SavedModel } from '@dendrite/spec';
import { rnnLayers } from '../rnn-layers.ts';
import type { Body } from '../sequence-models/net-body.ts';
import { fieldsOf } from '../sequence-models/sequence-form.ts';
import { charactersToOnnx } from './characters-to-onnx.ts';
import { forecasterToOnnx } from './forecaster-to-onnx.ts';
import { sequencesToOnnx } from './sequences-to-onnx.ts';

/** What every part of the export gets. */
export interface SavedSequenceModel {
  readonly saved: SavedModel;
  readonly config: Readonly<Record<string, Json>>;
  readonly body: Body;
}
type Export = (model: SavedSequenceModel) => ReturnType<typeof savedToOnnx>;

const exports: Readonly<Record<string, Export>> = {
  'rnn-lstm/sequence-classifier': (model) => sequencesToOnnx(model, false),
  'rnn-lstm/sequence-tagger': (model) => sequencesToOnnx(model, true),
  'rnn-lstm/forecaster': forecasterToOnnx,
  'rnn-lstm/character-language-model': charactersToOnnx,
};

/**
 * The bytes of an `.onnx` file that answers as the model does; the scaling of its inputs is part of the graph, and what else it learned
 * stands in the metadata, as JSON. Numbers of steps are free unless said otherwise.
 *
 * - `sequenceClassifier`: inputs `x` `[batch, steps, channels]`, padded behind with anything, and `lengths` `[batch]` int32, the steps
 *   that count; output `probabilities` `[batch, labels]`; metadata `labels`.
 * - `sequenceTagger`: the same inputs; output `probabilities` `[batch, steps, labels]`, of which those behind a sequence mean nothing.
 * - `forecaster`: input `x` `[batch, window, channels]`, the window that it was trained on; output `forecast` `[batch, horizon]`.
 * - `characterLanguageModel`: inputs `codes` `[batch, steps]` int32, `hidden` and for an LSTM `cell` `[layers, batch, units]`, zeros at
 *   the beginning; outputs `probabilities` `[batch, steps, characters]` of what follows each character, and `nextHidden`, `nextCell` to
 *   go on from; metadata `characters`, a text whose n-th character has the code n (0 stands for all others).
 * @param saved  of `save()`
 * @param options.maxBytes  as of `load`: the most bytes that the model may need beside a few times its file, default 2^30
 * @throws OPTION  for another model; FORMAT  for what `load` refuses
 * @example
 * import { sequenceClassifier } from '@dendrite/rnn-lstm';
 * import { toOnnx } from '@dendrite/rnn-lstm/onnx';
 * const x = [[1, 2, 3], [3, 2], [0, 1, 2, 5], [9, 4, 1]];
 * const model = sequenceClassifier({ cell: 'gru', units: 4, epochs: 1 });
 * const fitted = await model.fit({ x, y: ['up', 'down', 'up', 'down'] });
 * const bytes = await toOnnx(await fitted.save());
 * bytes[0]; // 8
 */
export async function toOnnx(
  saved: SavedModel,
  options: Pick<RestoreOptions, 'maxBytes'> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { model, config } = saved.header;
  const run = Object.hasOwn(exports, model.name) ? exports[model.name] : undefined;
  if (run === undefined)
    throw new DendriteError(
      'OPTION',
      `toOnnx(): the model must be one of ${Object.keys(exports).join(', ')}, got '${model.name}'. Use toOnnx() of @dendrite/${model.name.split('/')[0]}/onnx.`,
    );
  await judgeSaved(saved, { tables: [rnnLayers], ...options });
  const fields = fieldsOf(config);
  const { cell, units, layers, bidirectional, dropout } = fields;
  const body: Body = {
    cell: cell as Body['cell'],
    units: Number(units),
    layers: Number(layers),
    bidirectional: bidirectional === true,
    dropout: Number(dropout),
  };
  return run({ saved, config: fields, body });
}
