/** Rules for a model's own fit options, and the check of all options of a call. */
import { DendriteError } from '@dendrite/spec';
import type { OptionRule, OptionRules } from './definition.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const unknownOptions = () => import('./unknown-option.ts');
const callbackRules = () => import('./callback-list.ts');

/** A whole number from `min` (default 1). */
export function wholeNumber({ min = 1 }: { readonly min?: number } = {}): OptionRule {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min
      ? undefined
      : `be a whole number of at least ${min}`;
}
/** A finite number above `above` (default 0). */
export function numberAbove({ above = 0 }: { readonly above?: number } = {}): OptionRule {
  return (value) =>
    typeof value === 'number' && Number.isFinite(value) && value > above ? undefined : `be a number above ${above}`;
}
export function trueOrFalse(): OptionRule {
  return (value) => (typeof value === 'boolean' ? undefined : 'be true or false');
}
/** Checked elsewhere, by whoever reads it. */
export function anything(): OptionRule {
  return () => undefined;
}

/** Options of every `fit`. */
export const common: readonly string[] = [
  'seed',
  'signal',
  'runtime',
  'validation',
  'classWeight',
  'from',
  'checkpoint',
  'sameAs',
  'callbacks',
  'onProgress',
];

/**
 * The options without undefined ones.
 * @throws OPTION  for an unknown name (a misspelt option must not be lost) or a value against its rule
 */
export async function checkedOptions<O extends object>(
  given: O,
  rules: OptionRules<object> | undefined,
  where: string,
): Promise<O> {
  const own = new Map<string, OptionRule>(Object.entries(rules ?? {}));
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const rule = own.get(name) ?? (name === 'callbacks' ? (await callbackRules()).callbackList : undefined);
    if (rule === undefined && !common.includes(name)) {
      const { unknownOption } = await unknownOptions();
      throw unknownOption(name, [...own.keys(), ...common], where);
    }
    const broken = rule?.(value);
    if (broken !== undefined)
      throw new DendriteError(
        'OPTION',
        `${where}: ${name} must ${broken}, got ${typeof value === 'string' ? `'${value}'` : String(value)}.`,
      );
    kept[name] = value;
  }
  // Only absent-by-undefined options are gone.
  return kept as O;
}
