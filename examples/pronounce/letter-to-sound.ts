// The baseline: a table that says what each letter sounds like, learned by aligning letters with phonemes.
import type { Pronounced } from './words.ts';

/** What a letter may stand for: nothing, one phoneme, or two (`x` is K S). */
const most = 2;

/** For each letter of a word the phonemes it stands for; empty where it is silent. */
type Alignment = readonly (readonly string[])[];

export interface LetterToSound {
  /** Phonemes parted by spaces. */
  pronounce(word: string): string;
}

/**
 * Aligns every word by dynamic programming under what letters stood for in the round before, then keeps for each letter, with the
 * letters beside it where that was seen, the sound it had most often.
 */
export function learnLetterToSound(words: readonly Pronounced[], rounds = 4): LetterToSound {
  let counts = new Counter();
  for (let round = 0; round < rounds; round++) {
    const next = new Counter();
    for (const { word, phonemes } of words)
      align(word, phonemes.split(' '), (letter, sound) =>
        round === 0 ? firstGuess(sound) : counts.surprise(letter, sound),
      )?.forEach((sounds, i) => {
        next.add(word[i] ?? '', sounds.join(' '));
      });
    counts = next;
  }
  const tables = contexts.map(() => new Counter());
  for (const { word, phonemes } of words) {
    const found = align(word, phonemes.split(' '), (letter, sound) => counts.surprise(letter, sound));
    found?.forEach((sounds, i) => {
      for (const [k, context] of contexts.entries()) tables[k]?.add(context(word, i), sounds.join(' '));
    });
  }
  return {
    pronounce: (word) =>
      [...word]
        .map((_, i) =>
          contexts.map((context, k) => tables[k]?.best(context(word, i))).find((best) => best !== undefined),
        )
        .filter((sound) => sound !== undefined && sound !== '')
        .join(' '),
  };
}

/** From the widest to the letter alone; `#` stands beside a word. */
const contexts: readonly ((word: string, i: number) => string)[] = [
  (word, i) => `${word[i - 1] ?? '#'}${word[i]}${word[i + 1] ?? '#'}`,
  (word, i) => `${word[i]}${word[i + 1] ?? '#'}`,
  (word, i) => word[i] ?? '',
];

/** Before anything is known: one phoneme a letter is likelier than none or two. */
const firstGuess = (sound: string): number => (sound === '' ? 3 : sound.includes(' ') ? 4 : 1);

/** How often each key had each value. */
class Counter {
  private readonly counts = new Map<string, { total: number; readonly values: Map<string, number> }>();

  add(key: string, value: string): void {
    const found = this.counts.get(key) ?? { total: 0, values: new Map<string, number>() };
    this.counts.set(key, found);
    found.total++;
    found.values.set(value, (found.values.get(value) ?? 0) + 1);
  }
  /** −ln of the share of this value, with a hundredth of a count for what was never seen. */
  surprise(key: string, value: string): number {
    const { total = 0, values } = this.counts.get(key) ?? {};
    return -Math.log(((values?.get(value) ?? 0) + 0.01) / (total + 1));
  }
  best(key: string): string | undefined {
    let best: string | undefined;
    let top = 0;
    for (const [value, count] of this.counts.get(key)?.values ?? [])
      if (count > top) {
        top = count;
        best = value;
      }
    return best;
  }
}

/** The cheapest alignment, or undefined where a word has more than two phonemes a letter. */
function align(
  word: string,
  phonemes: readonly string[],
  cost: (letter: string, sound: string) => number,
): Alignment | undefined {
  const [letters, sounds] = [word.length, phonemes.length];
  // costs[i][j]: the first i letters stand for the first j phonemes; took[i][j]: how many of them letter i − 1 took.
  const costs = Array.from({ length: letters + 1 }, () => new Float64Array(sounds + 1).fill(Number.POSITIVE_INFINITY));
  const took = Array.from({ length: letters + 1 }, () => new Uint8Array(sounds + 1));
  const start = costs[0];
  if (start) start[0] = 0;
  for (let i = 1; i <= letters; i++)
    for (let j = 0; j <= sounds; j++)
      for (let n = 0; n <= Math.min(most, j); n++) {
        const before = costs[i - 1]?.[j - n] ?? Number.POSITIVE_INFINITY;
        if (!Number.isFinite(before)) continue;
        const total = before + cost(word[i - 1] ?? '', phonemes.slice(j - n, j).join(' '));
        const [row, taken] = [costs[i], took[i]];
        if (row && taken && total < (row[j] ?? 0)) {
          row[j] = total;
          taken[j] = n;
        }
      }
  if (!Number.isFinite(costs[letters]?.[sounds] ?? Number.POSITIVE_INFINITY)) return undefined;
  const found: (readonly string[])[] = [];
  for (let i = letters, j = sounds; i > 0; i--) {
    const n = took[i]?.[j] ?? 0;
    found.unshift(phonemes.slice(j - n, j));
    j -= n;
  }
  return found;
}
