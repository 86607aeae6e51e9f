/** Errors of transcripts: of words (or phonemes, or whatever spaces part), and of characters. */
import { DendriteError, type Label, type Metric } from '@dendrite/spec';
import { checkPart, nothing, weightOf } from '../part/check-part.ts';
import { editDistance } from './edit-distance.ts';

export interface ErrorState {
  readonly errors: number;
  readonly length: number;
}

/**
 * Word error rate: `Σ wᵢ·distance(expectedᵢ, predictedᵢ) / Σ wᵢ·length(expectedᵢ)`, counted in what spaces part: words, or phonemes
 * (`'HH AH L OW'`), and then it is the phoneme error rate. May be above 1 where much is inserted.
 * @throws DATA  if something is no text, or nothing was expected
 * @example
 * import { wordErrorRate } from '@dendrite/metrics';
 * const part = { expected: ['a b c d'], predicted: ['a x c'] };
 * wordErrorRate.value(wordErrorRate.update(wordErrorRate.init(), part)); // 0.5
 */
export const wordErrorRate: Metric<ErrorState> = /* @__PURE__ */ rate('wordErrorRate', (text) =>
  text.split(/\s+/u).filter((word) => word !== ''),
);

/** Character error rate: as `wordErrorRate`, counted in code points. */
export const characterErrorRate: Metric<ErrorState> = /* @__PURE__ */ rate('characterErrorRate', (text) => [...text]);

function rate(name: string, split: (text: string) => readonly string[]): Metric<ErrorState> {
  return Object.freeze<Metric<ErrorState>>({
    '~dendrite': 'metric',
    name,
    task: 'classification',
    init: () => ({ errors: 0, length: 0 }),
    update({ errors, length }, part) {
      const rows = checkPart(name, part);
      for (let i = 0; i < rows; i++) {
        const weight = weightOf(part, i);
        const expected = split(textAt(name, part.expected, i));
        errors += weight * editDistance(expected, split(textAt(name, part.predicted, i)));
        length += weight * expected.length;
      }
      return { errors, length };
    },
    merge: (a, b) => ({ errors: a.errors + b.errors, length: a.length + b.length }),
    value({ errors, length }) {
      if (length === 0) throw nothing(name);
      return errors / length;
    },
  });
}

export function textAt(name: string, values: ArrayLike<Label>, i: number): string {
  const value = values[i];
  if (typeof value === 'string') return value;
  throw new DendriteError(
    'DATA',
    `${name}: expected and predicted must be texts, got ${String(value)} (${typeof value}) at ${i}. Join the parts of a sequence with spaces.`,
  );
}
