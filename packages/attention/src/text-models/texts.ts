/** Texts as models of text are given them: checked, split into a part to learn from and one that validates, made to rows of codes. */
import { splitIndices, type Vocabulary } from '@dendrite/model';
import { hostKey } from '@dendrite/random';
import { DendriteError, type FitOptions, type Label } from '@dendrite/spec';

/** Texts with what belongs to each. */
export interface TextData<Y extends Label = Label> {
  readonly x: readonly string[];
  readonly y: readonly Y[];
  readonly sampleWeight?: ArrayLike<number>;
}

/** @throws DATA  unless they are texts; it names the row */
export function takeTexts(given: unknown, what: string, where: string): readonly string[] {
  if (!Array.isArray(given))
    throw new DendriteError('DATA', `${where}: ${what} must be a list of texts, got ${described(given)}.`);
  const wrong = given.findIndex((each) => typeof each !== 'string');
  if (wrong >= 0)
    throw new DendriteError(
      'DATA',
      `${where}: ${what} must be texts, got ${described(given[wrong])} in row ${wrong}. Write String(value), or leave the row out.`,
    );
  return given;
}

/** @throws DATA  unless x are texts and there is one y for each */
export function takeTextData<Y extends Label>(data: unknown, where: string): TextData<Y> {
  const { x, y, sampleWeight } = (typeof data === 'object' && data !== null ? data : {}) as Partial<TextData<Y>>;
  if (x === undefined || y === undefined)
    throw new DendriteError(
      'DATA',
      `${where}: data must be { x: texts, y: one entry a text }, got ${described(data)}.`,
    );
  const texts = takeTexts(x, 'x', where);
  for (const [what, length] of [
    ['y', y.length],
    ['sampleWeight', sampleWeight?.length ?? texts.length],
  ] as const)
    if (length !== texts.length)
      throw new DendriteError(
        'DATA',
        `${where}: ${what} must have one entry a text, got ${length} for ${texts.length}.`,
      );
  if (texts.length === 0) throw new DendriteError('DATA', `${where}: there must be at least one text, got none.`);
  return { x: texts, y, ...(sampleWeight && { sampleWeight }) };
}

/** The part to train on and the part that validates: what is learned of texts is learned of the first alone. @throws OPTION, DATA */
export function withoutValidation<Y extends Label>(
  all: TextData<Y>,
  { validation, seed = 0 }: Pick<FitOptions, 'validation' | 'seed'>,
  codes?: ArrayLike<number>,
): { readonly train: TextData<Y>; readonly held: TextData<Y> | undefined } {
  if (typeof validation !== 'number')
    return {
      train: all,
      held: validation === undefined ? undefined : takeTextData<Y>(validation, 'fit() validation'),
    };
  const { train, held } = splitIndices({
    rows: all.x.length,
    fraction: validation,
    key: hostKey(seed).fork('validation'),
    where: 'fit() validation',
    ...(codes && { codes }),
  });
  const part = (indices: Uint32Array): TextData<Y> => ({
    x: Array.from(indices, (i) => all.x[i] ?? ''),
    y: Array.from(indices, (i) => all.y[i] as Y),
    ...(all.sampleWeight && { sampleWeight: Array.from(indices, (i) => all.sampleWeight?.[i] ?? 1) }),
  });
  return { train: part(train), held: part(held) };
}

/** The most tokens that a file may say a text has: beyond, rows are padded to lengths that nothing here can look at. */
export const mostTokens: number = 2 ** 20;

/** Rows of `length` codes, padded with 0 behind; longer texts are cut. */
export function codeRows(
  vocabulary: Vocabulary,
  texts: readonly string[],
  length: number,
): { readonly data: Int32Array; readonly shape: readonly [rows: number, length: number] } {
  const data = new Int32Array(texts.length * length);
  for (const [row, text] of texts.entries()) data.set(vocabulary.encode(text).slice(0, length), row * length);
  return { data, shape: [texts.length, length] };
}

/** Tokens of the longest text. */
export const longestText = (vocabulary: Vocabulary, texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, vocabulary.split(text).length), 1);

const described = (value: unknown): string =>
  Array.isArray(value)
    ? 'a list'
    : typeof value === 'object' && value !== null
      ? `an object with ${Object.keys(value).slice(0, 6).join(', ') || 'no keys'}`
      : typeof value === 'string'
        ? `'${value.slice(0, 40)}'`
        : String(value);
