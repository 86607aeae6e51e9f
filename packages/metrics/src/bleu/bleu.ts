/** BLEU: how many of a translation's phrases also stand in the reference. */
import { DendriteError, type Metric } from '@dendrite/spec';
import { checkPart, nothing, weightOf } from '../part/check-part.ts';
import { textAt } from '../text-errors/error-rates.ts';

export interface BleuState {
  /** Of phrases of 1, 2, … words: how many were predicted, and how many of them the references have. */
  readonly found: readonly number[];
  readonly predicted: readonly number[];
  /** Words of the predictions, and of the references nearest in length. */
  readonly length: number;
  readonly wanted: number;
}
export interface BleuOptions {
  readonly order?: number;
  readonly smoothing?: number;
}

/**
 * Corpus BLEU from 0 to 1: `min(1, exp(1 − r/c)) · exp(mean of ln pₙ)`, where `pₙ` is the share of the predicted phrases of n words
 * that stand in the reference (each as often as there), c the words predicted and r those expected. Lengths of which nothing
 * was predicted are left out. Words are what spaces part: bring texts to one form first.
 * @param options.order      longest phrase, default 4
 * @param options.smoothing  added above and below to phrases of two words and more; 1 for single sentences; default 0
 * @throws OPTION  for a value out of its range; DATA  if something is no text, or nothing was expected
 * @source Papineni et al. (2002), BLEU: a method for automatic evaluation of machine translation; Lin and Och (2004) for smoothing
 * @example
 * import { bleu } from '@dendrite/metrics';
 * const metric = bleu({ order: 2 });
 * metric.value(metric.update(metric.init(), { expected: ['the cat sat'], predicted: ['the cat sat'] })); // 1
 */
export function bleu({ order = 4, smoothing = 0 }: BleuOptions = {}): Metric<BleuState> {
  check(order, smoothing);
  return Object.freeze<Metric<BleuState>>({
    '~dendrite': 'metric',
    name: 'bleu',
    task: 'classification',
    init: () => none(order),
    update(state, part) {
      const rows = checkPart('bleu', part);
      let next = state;
      for (let i = 0; i < rows; i++) {
        const pair = countsOf(textAt('bleu', part.predicted, i), [textAt('bleu', part.expected, i)], order);
        next = add(next, pair, weightOf(part, i));
      }
      return next;
    },
    merge: (a, b) => add(a, b, 1),
    value: (state) => scoreOf(state, smoothing),
  });
}

/**
 * Corpus BLEU of translations of which each has one reference or several.
 * @throws OPTION, SHAPE, DATA  as `bleu`
 */
export function corpusBleu(
  predictions: readonly string[],
  references: readonly (string | readonly string[])[],
  { order = 4, smoothing = 0 }: BleuOptions = {},
): number {
  check(order, smoothing);
  if (predictions.length !== references.length)
    throw new DendriteError(
      'SHAPE',
      `corpusBleu(): each prediction must have its references, got ${predictions.length} predictions and ${references.length} references. Give one entry for each.`,
    );
  let state = none(order);
  for (const [i, prediction] of predictions.entries()) {
    const own = references[i] ?? [];
    state = add(state, countsOf(prediction, typeof own === 'string' ? [own] : own, order), 1);
  }
  return scoreOf(state, smoothing);
}

function check(order: number, smoothing: number): void {
  if (Number.isInteger(order) && order >= 1 && smoothing >= 0) return;
  throw new DendriteError(
    'OPTION',
    `bleu(): order must be a whole number of at least 1 and smoothing at least 0, got ${order} and ${smoothing}. Leave them out for 4 and 0.`,
  );
}

const none = (order: number): BleuState => {
  const zeros = new Array<number>(order).fill(0);
  return { found: zeros, predicted: zeros, length: 0, wanted: 0 };
};

const add = (a: BleuState, b: BleuState, weight: number): BleuState => ({
  found: a.found.map((count, n) => count + weight * (b.found[n] ?? 0)),
  predicted: a.predicted.map((count, n) => count + weight * (b.predicted[n] ?? 0)),
  length: a.length + weight * b.length,
  wanted: a.wanted + weight * b.wanted,
});

const wordsOf = (text: string): readonly string[] => text.split(/\s+/u).filter((word) => word !== '');

function phrasesOf(words: readonly string[], n: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= words.length; i++) {
    const phrase = words.slice(i, i + n).join(' ');
    counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  return counts;
}

function countsOf(prediction: string, references: readonly string[], order: number): BleuState {
  const words = wordsOf(prediction);
  const others = references.map(wordsOf);
  const found: number[] = [];
  const predicted: number[] = [];
  for (let n = 1; n <= order; n++) {
    const there = others.map((each) => phrasesOf(each, n));
    let hits = 0;
    for (const [phrase, count] of phrasesOf(words, n))
      hits += Math.min(count, Math.max(0, ...there.map((each) => each.get(phrase) ?? 0)));
    found.push(hits);
    predicted.push(Math.max(0, words.length - n + 1));
  }
  // The reference nearest in length; of two as near, the shorter.
  const lengths = others.map((each) => each.length).sort((a, b) => a - b);
  const wanted = lengths.reduce(
    (best, length) => (Math.abs(length - words.length) < Math.abs(best - words.length) ? length : best),
    lengths[0] ?? 0,
  );
  return { found, predicted, length: words.length, wanted };
}

function scoreOf({ found, predicted, length, wanted }: BleuState, smoothing: number): number {
  if (wanted === 0) throw nothing('bleu');
  if (length === 0) return 0;
  const logs = found.flatMap((hits, i) => {
    const more = i === 0 ? 0 : smoothing;
    const all = predicted[i] ?? 0;
    return all === 0 ? [] : [Math.log((hits + more) / (all + more))];
  });
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  return Math.min(1, Math.exp(1 - wanted / length)) * Math.exp(mean);
}
