/** One place for the options of all optimizers: which names there are, and what a value must be. */
import { DendriteError } from '@dendrite/spec';

export interface Rule {
  readonly must: string;
  holds(value: unknown): boolean;
}
const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** A finite number of at least 0. */
export const notNegative: Rule = { must: 'be a finite number of at least 0', holds: (v) => finite(v) && v >= 0 };
/** A finite number above 0. */
export const positive: Rule = { must: 'be a finite number above 0', holds: (v) => finite(v) && v > 0 };
/** A share in [0, 1). */
export const fraction: Rule = { must: 'lie in [0, 1)', holds: (v) => finite(v) && v >= 0 && v < 1 };
/** A share in [0, 1]. */
export const share: Rule = { must: 'lie in [0, 1]', holds: (v) => finite(v) && v >= 0 && v <= 1 };
/** A finite number of at least 1. */
export const atLeastOne: Rule = { must: 'be a finite number of at least 1', holds: (v) => finite(v) && v >= 1 };
/** A whole number of at least 1. */
export const count: Rule = {
  must: 'be a whole number of at least 1',
  holds: (v) => finite(v) && Number.isInteger(v) && v >= 1,
};
/** A whole number of at least 0. */
export const wholeNumber: Rule = {
  must: 'be a whole number of at least 0',
  holds: (v) => finite(v) && Number.isInteger(v) && v >= 0,
};
/** A text that is not empty. */
export const text: Rule = { must: 'be a text', holds: (v) => typeof v === 'string' && v !== '' };
/** One of some texts. */
export const oneOf = (...values: readonly string[]): Rule => ({
  must: `be one of ${values.join(', ')}`,
  holds: (v) => typeof v === 'string' && values.includes(v),
});
/** Whole numbers of at least 1, each larger than the one before. */
export const rising: Rule = {
  must: 'be whole numbers of at least 1, each larger than the one before',
  holds: (v) =>
    Array.isArray(v) &&
    v.every((each: unknown, i) => count.holds(each) && (i === 0 || Number(each) > Number(v[i - 1]))),
};
/** true or false. */
export const flag: Rule = { must: 'be true or false', holds: (v) => typeof v === 'boolean' };

/** Names from other libraries that people try first. */
const elsewhere: Readonly<Record<string, string>> = {
  lr: 'learningRate',
  eps: 'epsilon',
  weight_decay: 'weightDecay',
  betas: 'beta1 and beta2',
  rho: 'alpha',
  decay: 'alpha',
  centred: 'centered',
  gamma: 'factor',
  stepSize: 'every',
  totalSteps: 'steps',
  tMax: 'steps',
  etaMin: 'minimum',
  minLr: 'minimum',
  maxLr: 'maximum',
};

/**
 * Checks the values of an options object.
 * @throws OPTION  for an option that does not exist, or one outside its range
 */
export function checkOptions(
  owner: string,
  options: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      const meant = Object.hasOwn(elsewhere, name) ? `It is called ${elsewhere[name]} here.` : 'Check the spelling.';
      throw new DendriteError(
        'OPTION',
        `${owner}(): options must be among ${Object.keys(rules).join(', ')}, got '${name}'. ${meant}`,
      );
    }
    if (!rule.holds(value))
      throw new DendriteError(
        'OPTION',
        `${owner}(): ${name} must ${rule.must}, got ${String(value)}. Leave it out for its default.`,
      );
  }
}
