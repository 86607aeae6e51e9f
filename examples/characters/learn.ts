/** A language model of characters learns a text, and is measured beside counts of characters on a part that neither has seen. */
import { adam, cosineDecay, scheduled } from '@dendrite/optimizers';
import { type CharacterLanguageModelOptions, characterLanguageModel } from '@dendrite/rnn-lstm';
import type { Runtime } from '@dendrite/spec';
import { NGrams } from './n-grams.ts';

export interface Learnt {
  readonly bits: number;
  /** Counts of three characters in a row. */
  readonly baseline: number;
  /** Counts of one to six: longer ones know much of a text by heart. */
  readonly counts: readonly { readonly order: number; readonly bits: number }[];
  readonly written: string;
}

export async function learnText(
  { train, test }: { readonly train: string; readonly test: string },
  options: CharacterLanguageModelOptions & { readonly learningRate: number },
  runtime: Runtime,
  tell: (line: string) => void = () => {},
): Promise<Learnt> {
  const { learningRate, ...rest } = options;
  const { batchSize = 32, steps: length = 64, epochs = 10 } = rest;
  const steps = epochs * Math.max(1, Math.floor(train.length / (batchSize * length)));
  const optimizer = scheduled(adam({ learningRate }), cosineDecay({ steps }));
  const model = characterLanguageModel({ ...rest, clip: { globalNorm: 1 }, optimizer });
  const fitted = await model.fit(
    { text: train },
    {
      runtime,
      seed: 7,
      onProgress({ unit, done, of, metrics }) {
        if (unit === 'epoch')
          tell(`epoch ${done} of ${of}: ${((metrics.loss ?? 0) / Math.LN2).toFixed(3)} bits a character in training`);
      },
    },
  );
  const bits = await fitted.bitsPerCharacter(test);
  const prompt = train.slice(0, 40);
  const written = await fitted.generate(prompt, { length: 300, temperature: 0.7, seed: 7 });
  fitted.dispose();
  const counts = [1, 2, 3, 4, 5, 6].map((order) => ({
    order,
    bits: new NGrams(train, { order }).bitsPerCharacter(test),
  }));
  return { bits, baseline: counts[2]?.bits ?? Number.NaN, counts, written };
}
