/** Options of forests: what they mean, their defaults, and the check of each. */
import { DendriteError, type Json } from '@dendrite/spec';
import type { ForeignEngine } from '../foreign/foreign-engine.ts';
import type { GrowSettings } from '../grow/split-finder.ts';
import type { Criterion } from '../kernels/criterion.ts';

/** `'sqrt'`, `'log2'`, `'all'`, a share below 1, or a count from 1 on. Never less than one feature. */
export type MaxFeatures = 'sqrt' | 'log2' | 'all' | number;

export interface TreeOptions {
  /** Edges from the root to the deepest leaf. Default: no limit. */
  readonly maxDepth?: number;
  /** Rows a node must have to be divided, default 2. */
  readonly minSamplesSplit?: number;
  /** Rows that each side of a split must have, default 1. Rows drawn several times count once. */
  readonly minSamplesLeaf?: number;
  /** Grows best first and stops at so many leaves. Default: no limit. */
  readonly maxLeafNodes?: number;
  /** What a split must take off the impurity, weighted by its share of the rows; entropy in nats. Default 0. */
  readonly minImpurityDecrease?: number;
  /** Features drawn anew at every split. Default `'sqrt'` for classes, a third for numbers, all for a single tree. */
  readonly maxFeatures?: MaxFeatures;
  /** `'histogram'` (default): at most 255 bins a column. `'exact'`: every place between two values; slower. */
  readonly splitter?: 'histogram' | 'exact';
  /** `'learn'` (default): each split learns where missing values go. `'error'`: they are refused. */
  readonly missing?: 'learn' | 'error';
}
export interface ForestOptions extends TreeOptions {
  /** Default 100. */
  readonly trees?: number;
  /** Each tree learns from rows drawn with replacement. Default true; extra trees: false. */
  readonly bootstrap?: boolean;
  /** Rows drawn for a tree: a share up to 1, or a count above 1. Default 1, all. Needs `bootstrap`. */
  readonly maxSamples?: number;
  /** Whether rows are judged by the trees that did not draw them. Default true; false saves some time. Needs `bootstrap`. */
  readonly outOfBag?: boolean;
  /** `'auto'` (default), `'wasm'` or `'js'`: the same bits, in another time. Or another library's, such as `mlRandomForest()`. */
  readonly engine?: Engine | ForeignEngine;
  /**
   * How many threads grow trees, the caller's own among them: the same bits, in another time. Default `'auto'`: as many as
   * there are processors, at most 8. Short fits stay with the caller.
   */
  readonly workers?: number | 'auto';
}
export type Engine = 'auto' | 'wasm' | 'js';
export interface ClassifierOptions {
  /** Default `'gini'`. */
  readonly criterion?: 'gini' | 'entropy';
  /** `'mean'` of the leaves' class fractions (default), or each tree's one vote (`'mode'`, Breiman's). */
  readonly combine?: 'mean' | 'mode';
}
export interface RegressorOptions {
  /** `'mean'` of the trees (default), or their `'median'`. */
  readonly combine?: 'mean' | 'median';
}

/** Everything decided; what files keep. */
export interface Settings extends Omit<GrowSettings, 'maxFeatures'> {
  readonly task: 'classification' | 'regression';
  readonly trees: number;
  readonly maxFeatures: MaxFeatures;
  readonly splitter: 'histogram' | 'exact';
  readonly missing: 'learn' | 'error';
  readonly bootstrap: boolean;
  readonly maxSamples: number;
  readonly combine: 'mean' | 'mode' | 'median';
  /** Random cuts. */
  readonly random: boolean;
}
/** By what trees are grown, and what is done beside it: never part of a file, since it changes no bit of a tree. */
export interface Means {
  readonly outOfBag: boolean;
  readonly engine: Engine | ForeignEngine;
  readonly workers: number | 'auto';
}
/** What users may say, whatever the kind of forest. */
export type Given = ForestOptions & { readonly criterion?: Criterion; readonly combine?: Settings['combine'] };
export type Defaults = Pick<Settings, 'task' | 'trees' | 'maxFeatures' | 'bootstrap' | 'random'>;

/** What holds where nothing is said, what a value must be in words, and whether it is so. */
type Rule = readonly [otherwise: unknown, must: string, holds: (value: unknown) => boolean];

const unlimited = Number.POSITIVE_INFINITY;
const isWhole = (value: unknown, least = 1): boolean => Number.isInteger(value) && (value as number) >= least;
const part = 'be a share above 0 and below 1, or a whole number from 1 on';
const isPart = (value: unknown): boolean => isWhole(value) || (typeof value === 'number' && value > 0 && value < 1);
const whole = (otherwise: unknown, least: number, also: unknown = unlimited): Rule => [
  otherwise,
  `be a whole number of at least ${least}`,
  (value) => value === also || isWhole(value, least),
];
/** The first holds where nothing is said. */
const oneOf = (...values: readonly unknown[]): Rule => [
  values[0],
  `be one of ${values.join(', ')}`,
  (value) => values.includes(value),
];

/** In the order in which files keep them. */
const rulesOf = (
  { task, trees, maxFeatures, bootstrap }: Defaults,
  drawn: boolean,
): Readonly<Record<string, Rule>> => ({
  trees: whole(trees, 1, trees),
  maxDepth: whole(unlimited, 0),
  minSamplesSplit: whole(2, 2),
  minSamplesLeaf: whole(1, 1),
  maxLeafNodes: whole(unlimited, 2),
  minImpurityDecrease: [
    0,
    'be a number of at least 0',
    (value) => typeof value === 'number' && value >= 0 && value < unlimited,
  ],
  maxFeatures: [
    maxFeatures,
    `${part}, or sqrt, log2 or all`,
    (value) => isPart(value) || ['sqrt', 'log2', 'all'].includes(value as string),
  ],
  splitter: oneOf('histogram', 'exact'),
  missing: oneOf('learn', 'error'),
  bootstrap: oneOf(bootstrap, !bootstrap),
  maxSamples: drawn ? [1, part, isPart] : [1, 'be 1 where bootstrap is false', (value) => value === 1],
  outOfBag: oneOf(true, false),
  engine: [
    'auto',
    'be auto, wasm, js or an engine',
    (value) =>
      ['auto', 'wasm', 'js'].includes(value as string) || typeof (value as ForeignEngine | null)?.open === 'function',
  ],
  workers: whole('auto', 1, 'auto'),
  ...(task === 'classification'
    ? { criterion: oneOf('gini', 'entropy'), combine: oneOf('mean', 'mode') }
    : { criterion: oneOf('squared error'), combine: oneOf('mean', 'median') }),
});

/**
 * @param fixed  options that are decided: files hold them, users leave them out
 * @throws OPTION  for an unknown name or a value out of its range
 */
export function checkedOptions(
  given: Given,
  defaults: Defaults,
  fixed: readonly string[],
  where: string,
): readonly [Settings, Means] {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw wrong(where, 'the options', 'be an object', given);
  const rules = rulesOf(defaults, given.bootstrap ?? defaults.bootstrap);
  for (const name of Object.keys(given))
    if (!Object.hasOwn(rules, name)) {
      const known = Object.keys(rules).filter((each) => !fixed.includes(each));
      const elsewhere = /^(seed|classWeight|validation|callbacks)$/.test(name) ? ' Pass it to fit().' : '';
      throw wrong(where, 'an option', `be one of ${known.join(', ')}`, name, elsewhere);
    }
  const values: object = Object.fromEntries(
    Object.entries(rules).map(([name, [otherwise, must, holds]]) => {
      const { [name as keyof Given]: value = otherwise } = given;
      if (value !== otherwise && fixed.includes(name)) throw wrong(where, name, 'be left out', value);
      if (!holds(value)) throw wrong(where, name, must, value);
      return [name, value];
    }),
  );
  // The rules are those of all options.
  const { outOfBag, engine, workers, ...settings } = values as Omit<Settings, 'task' | 'random'> & Means;
  const { task, random } = defaults;
  // Another library cuts where it likes.
  const foreign = typeof engine !== 'string' && ({ splitter: 'exact', missing: 'error' } as const);
  return [
    { task, ...settings, ...foreign, random },
    { outOfBag, engine, workers },
  ];
}

/** As it stands in a file; no limit is null. */
export function settingsJson(settings: Settings): { readonly [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]): [string, Json] => [
      name,
      value === Number.POSITIVE_INFINITY ? null : value,
    ]),
  );
}

/** How many features a split draws of so many. */
export function featureCount(maxFeatures: MaxFeatures, features: number): number {
  const asked =
    maxFeatures === 'sqrt'
      ? Math.sqrt(features)
      : maxFeatures === 'log2'
        ? Math.log2(features)
        : maxFeatures === 'all'
          ? features
          : maxFeatures < 1
            ? maxFeatures * features
            : maxFeatures;
  return Math.max(1, Math.min(features, Math.floor(asked)));
}
/** How many rows a tree draws of so many. */
export function sampleCount(maxSamples: number, rows: number): number {
  return Math.max(1, Math.min(rows, maxSamples <= 1 ? Math.round(maxSamples * rows) : maxSamples));
}

function wrong(where: string, what: string, rule: string, got: unknown, advice = ''): DendriteError {
  const shown = typeof got === 'string' ? `'${got}'` : Array.isArray(got) ? 'a list' : String(got);
  return new DendriteError('OPTION', `${where}: ${what} must ${rule}, got ${shown}.${advice}`);
}
