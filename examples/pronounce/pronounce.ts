// Trains the translator from letters to phonemes and measures it beside the table, on words that neither has seen.
import { type FittedTranslator, translator } from '@dendrite/attention';
import { wordErrorRate } from '@dendrite/metrics';
import { adam, oneCycle, scheduled } from '@dendrite/optimizers';
import type { ProgressEvent, Runtime } from '@dendrite/spec';
import { learnLetterToSound } from './letter-to-sound.ts';
import type { Pronounced, Words } from './words.ts';

export interface PronounceOptions {
  readonly epochs: number;
  readonly seed: number;
  readonly runtime: Runtime;
  onProgress?(event: ProgressEvent): void;
}
export interface Outcome {
  readonly model: FittedTranslator;
  /** Phoneme errors a phoneme of the held-out words. */
  readonly table: number;
  readonly net: number;
  /** Share of held-out words without any error. */
  readonly whole: number;
  readonly said: readonly string[];
}

/** Words to learn from and to test on together, all where it is left out; the longest of them; how often they are seen. */
export interface Plan {
  readonly words?: number;
  readonly longest: number;
  readonly epochs: number;
}
export const wholePlan: Plan = { longest: 16, epochs: 1 };
/** What CI runs: a small share of the dictionary. */
export const shortPlan: Plan = { words: 10_000, longest: 7, epochs: 4 };

const batchSize = 128;

export async function pronounce(
  { train, test }: Words,
  { epochs, seed, runtime, onProgress }: PronounceOptions,
): Promise<Outcome> {
  const expected = test.map(({ phonemes }) => phonemes);
  const letters = learnLetterToSound(train);
  const steps = epochs * Math.ceil(train.length / batchSize);
  const model = await translator({
    source: 'characters',
    target: 'spaces',
    width: 96,
    heads: 4,
    layers: 2,
    dropout: 0,
    epochs,
    batchSize,
    optimizer: scheduled(adam(), oneCycle({ steps: Math.max(2, steps), maximum: 3e-3, rise: 0.15 })),
    clip: { globalNorm: 1 },
  }).fit(asTexts(train), { seed, runtime, ...(onProgress && { onProgress }) });
  const said = await model.predict(test.map(({ word }) => word));
  return {
    model,
    table: errorRate(
      expected,
      test.map(({ word }) => letters.pronounce(word)),
    ),
    net: errorRate(expected, said),
    whole: said.filter((each, i) => each === expected[i]).length / test.length,
    said,
  };
}

const asTexts = (words: readonly Pronounced[]): { readonly x: string[]; readonly y: string[] } => ({
  x: words.map(({ word }) => word),
  y: words.map(({ phonemes }) => phonemes),
});
const errorRate = (expected: readonly string[], predicted: readonly string[]): number =>
  wordErrorRate.value(wordErrorRate.update(wordErrorRate.init(), { expected, predicted }));
