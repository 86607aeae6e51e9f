/** A trained language model that reads on, piece by piece, with its state: for generating, and for measuring a whole text. */
import { logSoftmax, reshape } from '@dendrite/core';
import type { Dense, Embedding } from '@dendrite/nn';
import type { ParamsOf, Runtime, Tensor, Tree } from '@dendrite/spec';
import { type HiddenState, type RecurrentLayer, runSequence } from '../layer/recurrent-layer.ts';

export interface LanguageLayers {
  readonly embedding: Embedding;
  readonly body: RecurrentLayer<HiddenState>;
  readonly head: Dense;
}
type Params = readonly [ParamsOf<Embedding>, ParamsOf<RecurrentLayer<HiddenState>>, ParamsOf<Dense>];

export class Reader {
  readonly #layers: LanguageLayers;
  readonly #params: Params;
  readonly #runtime: Runtime;
  #state: readonly HiddenState[] | undefined;

  /** `params` are those of `sequential(embedding, body, head)`. */
  constructor(layers: LanguageLayers, params: Tree, runtime: Runtime) {
    this.#layers = layers;
    this.#params = params as Params;
    this.#runtime = runtime;
  }

  /** Logarithms of the next character's probabilities after each of these, `[codes.length, K]`. */
  async read(codes: Int32Array): Promise<Float32Array> {
    const { embedding, body, head } = this.#layers;
    const [words, levels, last] = this.#params;
    const runtime = this.#runtime;
    const context = { training: false, key: runtime.key(0) };
    const before = this.#state;
    const made = runtime.untracked(() =>
      runtime.scope(() => {
        const x = runtime.tensor(Int32Array.from(codes), [1, codes.length], 'int32');
        const [vectors] = embedding.apply({ params: words, state: {} }, x, context);
        const { outputs, state } = runSequence(body, levels, vectors, before ? { state: before } : {});
        const [logits] = head.apply({ params: last, state: {} }, outputs, context);
        return { logs: logSoftmax(reshape(logits, [codes.length, logits.shape[2] ?? 0])), state };
      }),
    );
    this.dispose();
    this.#state = made.state;
    try {
      return await made.logs.data();
    } finally {
      made.logs.dispose();
    }
  }

  /** Frees its state. */
  dispose(): void {
    for (const state of this.#state ?? []) for (const tensor of Object.values<Tensor>(state)) tensor.dispose();
    this.#state = undefined;
  }
}
