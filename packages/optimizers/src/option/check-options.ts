/** One place for the options of all optimizers: which names there are, and what a value must be. */
import { DendriteError } from '@dendrite/spec';

interface Rule {
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
