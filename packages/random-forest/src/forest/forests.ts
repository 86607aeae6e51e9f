/** What users call: random forests, extra trees, and a single tree, for classes and for numbers. */
import type { ClassifierOptions, ForestOptions, RegressorOptions, TreeOptions } from '../options/forest-options.ts';
import {
  type ClassifierCapabilities,
  classifier,
  defineForest,
  type ForestModel,
  type RegressorCapabilities,
  regressor,
  type Single,
  single,
  type WithoutBag,
  withoutBag,
} from './define-forest.ts';

const classes = { task: 'classification', maxFeatures: 'sqrt' } as const;
const numbers = { task: 'regression', maxFeatures: 1 / 3 } as const;
const forest = { trees: 100, bootstrap: true, random: false } as const;
const extra = { trees: 100, bootstrap: false, random: true } as const;
const lone = { trees: 1, bootstrap: false, random: false, maxFeatures: 'all' } as const;
const noBags = ['bootstrap', 'maxSamples', 'outOfBag'];
const noForest = [...noBags, 'trees', 'combine', 'engine', 'workers'];

/**
 * A random forest that tells classes: trees on bootstrap samples, each split chosen among a fresh random subset of the
 * features; the mean of the leaves' class fractions decides.
 * @param options  see `ForestOptions`, `ClassifierOptions`
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Breiman: Random forests (Machine Learning 45, 2001)
 * @example
 * import { randomForestClassifier } from '@dendrite/random-forest';
 * const rows = Array.from({ length: 60 }, (_, i) => ({ petal: i, kind: i < 30 ? 'short' : 'long' }));
 * const forest = await randomForestClassifier({ trees: 30 }).fit({ rows, target: 'kind' }, { seed: 7 });
 * await forest.predict([{ petal: 3 }, { petal: 55 }]); // ['short', 'long']
 */
export function randomForestClassifier(
  options: ForestOptions & ClassifierOptions = {},
): ForestModel<ClassifierCapabilities> {
  return defineForest(
    {
      name: 'random-forest/classifier',
      where: 'randomForestClassifier()',
      defaults: { ...classes, ...forest },
      capabilities: classifier,
    },
    options,
  );
}
/**
 * A random forest that predicts numbers: the mean of trees that minimise the squared error. A third of the features is drawn
 * for a split.
 * @source Breiman: Random forests (2001), section 11
 */
export function randomForestRegressor(
  options: ForestOptions & RegressorOptions = {},
): ForestModel<RegressorCapabilities> {
  return defineForest(
    {
      name: 'random-forest/regressor',
      where: 'randomForestRegressor()',
      defaults: { ...numbers, ...forest },
      capabilities: regressor,
    },
    options,
  );
}

/** Options of extra trees: as of forests; every tree sees every row, so nothing is out of bag. */
export type ExtraTreesOptions = Omit<ForestOptions, 'bootstrap' | 'maxSamples' | 'outOfBag'>;
/**
 * Extremely randomized trees: one random cut for each drawn feature, the best of them taken; no bootstrap.
 * @source Geurts, Ernst, Wehenkel: Extremely randomized trees (Machine Learning 63, 2006)
 */
export function extraTreesClassifier(
  options: ExtraTreesOptions & ClassifierOptions = {},
): ForestModel<WithoutBag<ClassifierCapabilities>> {
  return defineForest(
    {
      name: 'random-forest/extra-trees-classifier',
      where: 'extraTreesClassifier()',
      defaults: { ...classes, ...extra },
      fixed: noBags,
      capabilities: withoutBag(classifier),
    },
    options,
  );
}
/** Extremely randomized trees for numbers; all features are looked at by default. */
export function extraTreesRegressor(
  options: ExtraTreesOptions & RegressorOptions = {},
): ForestModel<WithoutBag<RegressorCapabilities>> {
  return defineForest(
    {
      name: 'random-forest/extra-trees-regressor',
      where: 'extraTreesRegressor()',
      defaults: { ...numbers, ...extra, maxFeatures: 'all' },
      fixed: noBags,
      capabilities: withoutBag(regressor),
    },
    options,
  );
}

/**
 * One decision tree on all rows, with all features at every split.
 * @source Breiman, Friedman, Olshen, Stone: Classification and Regression Trees (1984)
 */
export function decisionTreeClassifier(
  options: TreeOptions & Pick<ClassifierOptions, 'criterion'> = {},
): ForestModel<Single<ClassifierCapabilities>> {
  return defineForest(
    {
      name: 'random-forest/tree-classifier',
      where: 'decisionTreeClassifier()',
      defaults: { ...classes, ...lone },
      fixed: noForest,
      capabilities: single(classifier),
    },
    options,
  );
}
/** One regression tree on all rows, with all features at every split. */
export function decisionTreeRegressor(options: TreeOptions = {}): ForestModel<Single<RegressorCapabilities>> {
  return defineForest(
    {
      name: 'random-forest/tree-regressor',
      where: 'decisionTreeRegressor()',
      defaults: { ...numbers, ...lone },
      fixed: noForest,
      capabilities: single(regressor),
    },
    options,
  );
}
