/** A language model of characters: it reads on from a state, so that it can write. */
import { reshape, slice, softmax, stack } from '@dendrite/core';
import { type Dense, dense, type Embedding, embedding, sequential } from '@dendrite/nn';
import { savedToOnnx } from '@dendrite/nn/onnx';
import type { Context, Key, LayerLike, ParamsOf, Shape, Tensor, Tree, Variables } from '@dendrite/spec';
import type { LanguageLayers } from '../character-language-model/reader.ts';
import { type HiddenState, type RecurrentLayer, runSequence } from '../layer/recurrent-layer.ts';
import { bodyLayer } from '../sequence-models/net-body.ts';
import { fieldsOf } from '../sequence-models/sequence-form.ts';
import type { SavedSequenceModel } from './to-onnx.ts';

type Read = { readonly codes: Tensor; readonly hidden: Tensor; readonly cell?: Tensor };
type Params = readonly [ParamsOf<Embedding>, ParamsOf<RecurrentLayer<HiddenState>>, ParamsOf<Dense>];

export function charactersToOnnx({ saved, config, body }: SavedSequenceModel): ReturnType<typeof savedToOnnx> {
  const { characters, carried, streams, steps } = fieldsOf(config.learned);
  const known = Array.from(String(characters));
  const parts: LanguageLayers = {
    embedding: embedding(known.length, Number(config.embedding)),
    body: bodyLayer(body, carried === true ? { carry: Number(streams) } : {}),
    head: dense(known.length),
  };
  const whole = sequential(parts.embedding, parts.body, parts.head);
  const reader: object = {
    '~dendrite': 'layer',
    name: 'rnn-lstm/character-reader',
    config: null,
    init: (key: Key, input: Shape) => whole.init(key, input),
    apply({ params, state }: Variables, { codes, hidden, cell }: Read, context: Context): readonly [Tree, Tree] {
      const [words, levels, last] = params as object as Params;
      const [vectors] = parts.embedding.apply({ params: words, state: {} }, codes, context);
      const begun = Array.from({ length: body.layers }, (_, level): HiddenState & { readonly cell?: Tensor } => ({
        hidden: levelOf(hidden, level),
        ...(cell && { cell: levelOf(cell, level) }),
      }));
      const { outputs, state: ends } = runSequence(parts.body, levels, vectors, { state: begun });
      const [logits] = parts.head.apply({ params: last, state: {} }, outputs, context);
      const cells = ends.flatMap((end) => ('cell' in end ? [end.cell as Tensor] : []));
      const made = {
        probabilities: softmax(logits),
        nextHidden: stack(ends.map((end) => end.hidden)),
        ...(cells.length > 0 && { nextCell: stack(cells) }),
      };
      return [made, state];
    },
  };
  const states = { shape: [body.layers, 'batch', body.units] };
  return savedToOnnx(
    {
      saved,
      layer: reader as LayerLike<never, Tree>,
      feature: [Number(steps)],
      inputs: {
        codes: { shape: ['batch', 'steps'], dtype: 'int32' },
        hidden: states,
        ...(body.cell === 'lstm' && { cell: states }),
      },
      metadata: { characters: known.join('') },
    },
    (inputs, network) => network(inputs),
  );
}

/** `[layers, batch, units]` → `[batch, units]` */
const levelOf = (states: Tensor, level: number): Tensor =>
  reshape(slice(states, { begin: [level], size: [1] }), states.shape.slice(1));
