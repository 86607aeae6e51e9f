// Words with their phonemes out of the CMU pronouncing dictionary, a part of them held out.
import { hostKey, permutation } from '@dendrite/random';
import { dictionary } from 'cmu-pronouncing-dictionary';

/** One word: its letters as they are written, its phonemes parted by spaces. */
export interface Pronounced {
  readonly word: string;
  readonly phonemes: string;
}
export interface Words {
  readonly train: readonly Pronounced[];
  readonly test: readonly Pronounced[];
}

/**
 * Plain words with their first pronunciation, without the digits of stress: 39 phonemes.
 * @param longest  letters, and phonemes, of a word that is kept; 16 are enough for 99.6 % of all
 */
export function pronouncedWords(
  longest = 16,
  entries: Readonly<Record<string, string>> = dictionary,
): readonly Pronounced[] {
  return Object.entries(entries).flatMap(([word, said]) => {
    const phonemes = said.replace(/\s*#.*$/u, '').replace(/\d/gu, '');
    const fits = /^[a-z']+$/u.test(word) && word.length <= longest && phonemes.split(' ').length <= longest;
    return fits ? [{ word, phonemes }] : [];
  });
}

/** A split that only the seed decides: `share` of the words is held out. `limit`: that many words in all. */
export function splitWords(
  words: readonly Pronounced[],
  { share, seed, limit = words.length }: { readonly share: number; readonly seed: number; readonly limit?: number },
): Words {
  const order = Array.from(permutation(hostKey(seed).fork('words'), words.length)).slice(0, limit);
  const chosen = order.flatMap((i) => words[i] ?? []);
  const held = Math.round(share * chosen.length);
  return { train: chosen.slice(held), test: chosen.slice(0, held) };
}
