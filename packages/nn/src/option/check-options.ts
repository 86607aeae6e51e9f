/** One place for the options of layers and models: which names there are, and what a value must be. */
import { DendriteError } from '@dendrite/spec';

export interface Rule {
  readonly must: string;
  holds(value: unknown): boolean;
}
const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** A finite number above 0. */
export const positive: Rule = { must: 'be a finite number above 0', holds: (v) => finite(v) && v > 0 };
/** A whole number of at least 1. */
export const count: Rule = {
  must: 'be a whole number of at least 1',
  holds: (v) => Number.isSafeInteger(v) && Number(v) >= 1,
};
/** How many layers stand above each other: a thousand is deeper than any of use, and a file must not ask for a billion. */
export const depth: Rule = {
  must: 'be a whole number from 1 to 1000',
  holds: (v) => Number.isSafeInteger(v) && Number(v) >= 1 && Number(v) <= 1000,
};
/** A finite number. */
export const number: Rule = { must: 'be a finite number', holds: finite };
/** A share in [0, 1). */
export const fraction: Rule = { must: 'lie in [0, 1)', holds: (v) => finite(v) && v >= 0 && v < 1 };
/** A share in [0, 1]. */
export const share: Rule = { must: 'lie in [0, 1]', holds: (v) => finite(v) && v >= 0 && v <= 1 };
/** true or false. */
export const flag: Rule = { must: 'be true or false', holds: (v) => typeof v === 'boolean' };
/** A function of a tensor. */
export const activationRule: Rule = {
  must: 'be a function of a tensor such as relu',
  holds: (v) => typeof v === 'function',
};
/** One of these words. */
export const oneOf = (...words: readonly string[]): Rule => ({
  must: `be ${words.map((word) => `'${word}'`).join(' or ')}`,
  holds: (v) => words.includes(v as string),
});
/** What `initializer` options take. */
export const initializerRule: Rule = {
  must: 'be an initializer such as heUniform or constant(0.1)',
  holds: (v) => typeof v === 'object' && v !== null && '~dendrite' in v && v['~dendrite'] === 'initializer',
};
/** Checked elsewhere. */
export const anything: Rule = { must: 'be given', holds: () => true };

/**
 * Checks the values of an options object; those left out or undefined by type are not there.
 * @param elsewhere  what users of other libraries write → what it is called here
 * @throws OPTION  for an option that does not exist, or one outside its range
 */
export function checkOptions(
  owner: string,
  options: object,
  rules: Readonly<Record<string, Rule>>,
  elsewhere: Readonly<Record<string, string>> = {},
): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new DendriteError(
      'OPTION',
      `${owner}(): options must be an object with ${Object.keys(rules).join(', ')}, got ${String(given)}.`,
    );
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined)
      throw new DendriteError(
        'OPTION',
        `${owner}(): options must be among ${Object.keys(rules).join(', ')}, got '${name}'. ${Object.hasOwn(elsewhere, name) ? elsewhere[name] : 'Check the spelling.'}`,
      );
    if (!rule.holds(value))
      throw new DendriteError(
        'OPTION',
        `${owner}(): ${name} must ${rule.must}, got ${said(value)}. Leave it out for its default.`,
      );
  }
}

/** @throws OPTION  unless the value keeps the rule */
export function checkValue(owner: string, name: string, value: unknown, rule: Rule): void {
  if (!rule.holds(value))
    throw new DendriteError('OPTION', `${owner}(): ${name} must ${rule.must}, got ${said(value)}.`);
}

const said = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : typeof value === 'string' ? `'${value}'` : String(value);
