/** Texts as codes: what models of text learn of their training data, and keep in their file. */
import { DendriteError, type Json } from '@dendrite/spec';

/** What a token is: a character, a word (or a sign between words), or whatever spaces part. */
export type TokenLevel = 'characters' | 'words' | 'spaces';

/** Codes that stand for no token. Tokens come after them. */
export const specialCodes: Readonly<Record<'padding' | 'unknown' | 'begin' | 'end', number>> = Object.freeze({
  padding: 0,
  unknown: 1,
  begin: 2,
  end: 3,
});
const firstToken = 4;

export interface Vocabulary {
  readonly level: TokenLevel;
  /** `tokens[i]` has the code `i + 4`. */
  readonly tokens: readonly string[];
  /** Codes there are, the special ones included. */
  readonly size: number;
  /** Codes of a text; a token that is not known is `specialCodes.unknown`. */
  encode(text: string): readonly number[];
  /** The text of codes up to the first `end` or `padding`; unknown tokens as `�`. */
  decode(codes: Iterable<number>): string;
  /** The tokens of a text, as `encode` takes them. */
  split(text: string): readonly string[];
}

export interface VocabularyOptions {
  /** Default `'words'`. */
  readonly level?: TokenLevel;
  /** Most tokens; the most frequent stay. Default 20,000. */
  readonly most?: number;
  /** Tokens that occur less often are unknown. Default 1. */
  readonly atLeast?: number;
}

/**
 * The tokens of these texts, the most frequent first, equally frequent ones by code point: the same texts give the same codes.
 * @example
 * import { learnVocabulary } from '@dendrite/model';
 * const words = learnVocabulary(['to be or not to be']);
 * words.encode('not to see'); // [6, 5, 1]
 * words.decode([6, 5, 4]); // 'not to be'
 */
export function learnVocabulary(
  texts: Iterable<string>,
  { level = 'words', most = 20_000, atLeast = 1 }: VocabularyOptions = {},
): Vocabulary {
  const counts = new Map<string, number>();
  for (const text of texts) for (const token of splitters[level](text)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= atLeast);
  kept.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return vocabularyOf(
    level,
    kept.slice(0, most).map(([token]) => token),
  );
}

/** As it stands in a file. */
export const vocabularyJson = ({ level, tokens }: Vocabulary): Json => ({ level, tokens: [...tokens] });

/** @throws FORMAT  unless it is what `vocabularyJson` gave */
export function vocabularyFrom(json: Json | undefined): Vocabulary {
  const { level, tokens } = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, Json>>;
  const known = (value: Json | undefined): value is TokenLevel =>
    typeof value === 'string' && Object.hasOwn(splitters, value);
  const texts = (value: Json | undefined): value is readonly string[] =>
    Array.isArray(value) && value.every((token) => typeof token === 'string') && new Set(value).size === value.length;
  if (known(level) && texts(tokens)) return vocabularyOf(level, tokens);
  throw new DendriteError(
    'FORMAT',
    `restore(): a vocabulary must be { level, tokens } with different tokens, got ${JSON.stringify(json)?.slice(0, 120)}. The file is damaged.`,
  );
}

const splitters: Readonly<Record<TokenLevel, (text: string) => readonly string[]>> = {
  characters: (text) => [...text],
  words: (text) => text.match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[^\s]/gu) ?? [],
  spaces: (text) => text.split(/\s+/u).filter((token) => token !== ''),
};

function vocabularyOf(level: TokenLevel, tokens: readonly string[]): Vocabulary {
  const codes = new Map(tokens.map((token, i) => [token, i + firstToken]));
  const between = level === 'characters' ? '' : ' ';
  const split = splitters[level];
  return Object.freeze({
    level,
    tokens,
    size: tokens.length + firstToken,
    split,
    encode: (text: string) => split(text).map((token) => codes.get(token) ?? specialCodes.unknown),
    decode(given: Iterable<number>) {
      const found: string[] = [];
      for (const code of given) {
        if (code === specialCodes.end || code === specialCodes.padding) break;
        if (code !== specialCodes.begin) found.push(tokens[code - firstToken] ?? '�');
      }
      return found.join(between);
    },
  });
}
