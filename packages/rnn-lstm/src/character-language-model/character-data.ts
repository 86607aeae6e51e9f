/** What a language model of characters is given: a text or prompts, checked; and the part of either that validates. */
import { DendriteError, type FitOptions } from '@dendrite/spec';
import { checkText } from './characters.ts';

/** One text; or prompts `x` with the character `y` that comes next. */
export type CharacterData =
  | { readonly text: string }
  | { readonly x: readonly string[]; readonly y: readonly string[]; readonly sampleWeight?: ArrayLike<number> };

export type Prompts = Extract<CharacterData, { readonly x: unknown }>;
/** @throws DATA */
export function takeCharacters(data: unknown, where: string): string | Prompts {
  if (typeof data === 'object' && data !== null && 'text' in data) return checkText(data.text, 2, where);
  if (typeof data !== 'object' || data === null || !('x' in data) || !('y' in data) || !Array.isArray(data.y))
    throw new DendriteError(
      'DATA',
      `${where}: data must be { text }, or { x: prompts, y: next characters }, got ${typeof data === 'string' ? 'a string. Write { text }.' : String(data)}`,
    );
  const x = takePrompts(data.x, where);
  if (x.length !== data.y.length || x.length === 0)
    throw new DendriteError(
      'DATA',
      `${where}: x and y must have as many rows, at least one, got ${x.length} in x and ${data.y.length} in y.`,
    );
  return { ...data, x, y: data.y.map((each: unknown) => checkText(each, 1, where)) };
}
export function takePrompts(inputs: unknown, where: string): readonly string[] {
  if (!Array.isArray(inputs))
    throw new DendriteError(
      'DATA',
      `${where}: prompts must be a list of texts, got ${typeof inputs}. For one prompt write [prompt].`,
    );
  return inputs.map((prompt: unknown) => checkText(prompt, 0, where));
}

/** The end of a text validates. @throws OPTION */
export function parted(
  given: string | Prompts,
  { validation }: Pick<FitOptions, 'validation'>,
): { readonly train: string | Prompts; readonly held?: string | Prompts } {
  if (typeof validation !== 'number') return { train: given };
  if (!(validation > 0 && validation < 1))
    throw new DendriteError(
      'OPTION',
      `fit() validation: the fraction to hold out must be above 0 and below 1, got ${validation}. Use 0.1 for a tenth.`,
    );
  if (typeof given === 'string') {
    const all = Array.from(given);
    const cut = Math.round(all.length * (1 - validation));
    return { train: all.slice(0, cut).join(''), held: all.slice(cut).join('') };
  }
  const cut = Math.round(given.x.length * (1 - validation));
  const part = (begin: number, end?: number): Prompts => ({
    x: given.x.slice(begin, end),
    y: given.y.slice(begin, end),
    ...(given.sampleWeight && { sampleWeight: Array.from(given.sampleWeight).slice(begin, end) }),
  });
  return { train: part(0, cut), held: part(cut) };
}
