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
  /** What a split must take off the impurity, weighted by its share of the rows. Default 0. */
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
export const meansOf = ({ outOfBag = true, engine = 'auto', workers = 'auto' }: ForestOptions): Means => ({
  outOfBag,
  engine,
  workers,
});

type Given = ForestOptions & { readonly criterion?: Criterion; readonly combine?: Settings['combine'] };
type Defaults = Pick<Settings, 'task' | 'trees' | 'maxFeatures' | 'bootstrap' | 'random'>;

const known = [
  'trees',
  'maxDepth',
  'minSamplesSplit',
  'minSamplesLeaf',
  'maxLeafNodes',
  'minImpurityDecrease',
  'maxFeatures',
  'splitter',
  'missing',
  'bootstrap',
  'maxSamples',
  'outOfBag',
  'engine',
  'workers',
  'criterion',
  'combine',
];

/** @throws OPTION  for an unknown name or a value out of its range */
export function checkedSettings(given: Given, defaults: Defaults, where: string): Settings {
  const { task } = defaults;
  if (typeof given !== 'object' || given === null) throw wrong(where, 'the options', 'be an object', given);
  for (const name of Object.keys(given))
    if (!known.includes(name)) throw wrong(where, 'an option', `be one of ${known.join(', ')}`, `'${name}'`);
  const classes = task === 'classification';
  const infinity = Number.POSITIVE_INFINITY;
  const {
    trees = defaults.trees,
    maxDepth = infinity,
    minSamplesSplit = 2,
    minSamplesLeaf = 1,
    maxLeafNodes = infinity,
    minImpurityDecrease = 0,
    maxFeatures = defaults.maxFeatures,
    splitter = 'histogram',
    missing = 'learn',
    bootstrap = defaults.bootstrap,
    maxSamples = 1,
    outOfBag = true,
    engine = 'auto',
    workers = 'auto',
    criterion = classes ? 'gini' : 'squared error',
    combine = 'mean',
  } = given;
  const whole = (name: string, value: number, min: number): void => {
    if (value !== infinity && !(Number.isInteger(value) && value >= min))
      throw wrong(where, name, `be a whole number of at least ${min}`, value);
  };
  const oneOf = (name: string, value: unknown, values: readonly unknown[]): void => {
    if (!values.includes(value)) throw wrong(where, name, `be one of ${values.join(', ')}`, value);
  };
  whole('trees', trees === infinity ? 0 : trees, 1);
  whole('maxDepth', maxDepth, 0);
  whole('minSamplesSplit', minSamplesSplit, 2);
  whole('minSamplesLeaf', minSamplesLeaf, 1);
  whole('maxLeafNodes', maxLeafNodes, 2);
  if (!(minImpurityDecrease >= 0 && minImpurityDecrease < infinity))
    throw wrong(where, 'minImpurityDecrease', 'be a number of at least 0', minImpurityDecrease);
  if (typeof maxFeatures !== 'number')
    oneOf('maxFeatures', maxFeatures, ['sqrt', 'log2', 'all', 'a share below 1', 'a count']);
  else if (!(maxFeatures > 0 && (maxFeatures < 1 || Number.isInteger(maxFeatures))))
    throw wrong(where, 'maxFeatures', 'be a share above 0 and below 1, or a whole number from 1 on', maxFeatures);
  oneOf('splitter', splitter, ['histogram', 'exact']);
  oneOf('missing', missing, ['learn', 'error']);
  oneOf('bootstrap', bootstrap, [true, false]);
  if (!(maxSamples > 0 && (maxSamples <= 1 || Number.isInteger(maxSamples))))
    throw wrong(where, 'maxSamples', 'be a share above 0 and up to 1, or a whole number', maxSamples);
  if (maxSamples !== 1 && !bootstrap) throw wrong(where, 'maxSamples', 'be 1 where bootstrap is false', maxSamples);
  oneOf('outOfBag', outOfBag, [true, false]);
  if (typeof engine === 'string') oneOf('engine', engine, ['auto', 'wasm', 'js']);
  else if (typeof engine?.open !== 'function') throw wrong(where, 'engine', 'be auto, wasm, js or an engine', engine);
  if (workers !== 'auto') whole('workers', workers === infinity ? 0 : workers, 1);
  oneOf('criterion', criterion, classes ? ['gini', 'entropy'] : ['squared error']);
  oneOf('combine', combine, classes ? ['mean', 'mode'] : ['mean', 'median']);
  return {
    task,
    trees,
    maxDepth,
    minSamplesSplit,
    minSamplesLeaf,
    maxLeafNodes,
    minImpurityDecrease,
    maxFeatures,
    splitter: typeof engine === 'string' ? splitter : 'exact',
    missing: typeof engine === 'string' ? missing : 'error',
    bootstrap,
    maxSamples,
    criterion,
    combine,
    random: defaults.random,
  };
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

function wrong(where: string, what: string, rule: string, got: unknown): DendriteError {
  return new DendriteError('OPTION', `${where}: ${what} must ${rule}, got ${String(got)}.`);
}
