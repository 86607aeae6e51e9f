/** Options of this package's layers and models: which there are, and what a value must be. */
import { DendriteError } from '@dendrite/spec';

export interface Rule {
  readonly must: string;
  holds(value: unknown): boolean;
}
const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
/** A whole number of at least 1. */
export const count: Rule = {
  must: 'be a whole number of at least 1',
  holds: (v) => Number.isSafeInteger(v) && Number(v) >= 1,
};
/** A share in [0, 1). */
export const fraction: Rule = { must: 'lie in [0, 1)', holds: (v) => finite(v) && v >= 0 && v < 1 };
export const number: Rule = { must: 'be a finite number', holds: finite };
export const positive: Rule = { must: 'be a finite number above 0', holds: (v) => finite(v) && v > 0 };
export const flag: Rule = { must: 'be true or false', holds: (v) => typeof v === 'boolean' };
/** One of these words. */
export const oneOf = (...words: readonly string[]): Rule => ({
  must: `be ${words.map((word) => `'${word}'`).join(' or ')}`,
  holds: (v) => words.includes(v as string),
});
export const initializerRule: Rule = {
  must: 'be an initializer such as glorotUniform',
  holds: (v) => typeof v === 'object' && v !== null && '~dendrite' in v && v['~dendrite'] === 'initializer',
};
/** Checked elsewhere. */
export const anything: Rule = { must: 'be given', holds: () => true };

/** What users of other libraries write → what it is called here. */
const elsewhere: Readonly<Record<string, string>> = {
  returnSequences: "Write output: 'sequence' or output: 'last'.",
  return_sequences: "Write output: 'sequence' or output: 'last'.",
  num_layers: 'It is called layers here.',
  numLayers: 'It is called layers here.',
  stateful: 'Write carry: the number of sequences in a batch.',
  goBackwards: 'It is called reverse here.',
  hiddenSize: 'It is the first argument here.',
};

/** @throws OPTION  for an option that does not exist, or one outside its range */
export function checkOptions(owner: string, options: unknown, rules: Readonly<Record<string, Rule>>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new DendriteError(
      'OPTION',
      `${owner}(): options must be an object with ${Object.keys(rules).join(', ')}, got ${String(options)}.`,
    );
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined)
      throw new DendriteError(
        'OPTION',
        `${owner}(): options must be among ${Object.keys(rules).join(', ')}, got '${name}'. ${elsewhere[name] ?? 'Check the spelling.'}`,
      );
    checkValue(owner, name, value, rule);
  }
}

/** @throws OPTION  unless the value keeps the rule */
export function checkValue(owner: string, name: string, value: unknown, rule: Rule): void {
  if (rule.holds(value)) return;
  const said =
    typeof value === 'string' ? `'${value}'` : typeof value === 'object' ? JSON.stringify(value) : String(value);
  throw new DendriteError('OPTION', `${owner}(): ${name} must ${rule.must}, got ${said}.`);
}
