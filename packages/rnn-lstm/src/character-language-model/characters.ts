/** Characters as codes. Code 0 stands for all that the training text lacks. */
import { DendriteError } from '@dendrite/spec';

/** Shown for a character that was not met in training (U+FFFD). */
export const unknown = '\uFFFD';

/** The distinct characters of a text, sorted, behind the one for all others. A character is a code point: no emoji is cut in two. */
export function charactersOf(text: string): readonly string[] {
  const found = new Set(text);
  found.delete(unknown);
  return [unknown, ...[...found].sort()];
}

export function encodeText(text: string, characters: readonly string[]): Int32Array {
  const places = new Map(characters.map((character, code) => [character, code]));
  return Int32Array.from(Array.from(text), (character) => places.get(character) ?? 0);
}

/** @throws DATA  unless it is a text with at least so many characters */
export function checkText(text: unknown, least: number, where: string): string {
  if (typeof text !== 'string')
    throw new DendriteError('DATA', `${where}: text must be a string, got ${text === null ? 'null' : typeof text}.`);
  const { length } = Array.from(text);
  if (length < least)
    throw new DendriteError(
      'DATA',
      `${where}: text must have at least ${least} characters, got ${length}. Give more of it.`,
    );
  return text;
}
