/**
 * ml-random-forest behind our interface. What goes wrong in that library is kept from it: it is given one bag and one set of
 * features at a time (its own bags take the first rows, `maxFeatures: 1` means all, its out-of-bag code throws), codes instead
 * of labels, and rows without gaps; votes, probabilities and importance are not asked of it. It is slow, its trees draw their
 * features once a tree, and a regression tree may refuse a perfect split: that is what it is.
 */
import { DendriteError } from '@dendrite/spec';
import type { ForeignEngine } from './foreign-engine.ts';
import { fieldsOf, importTree } from './import-tree.ts';

interface Library {
  readonly RandomForestClassifier: new (options: object) => Trained;
  readonly RandomForestRegression: new (options: object) => Trained;
}
interface Trained {
  train(x: readonly (readonly number[])[], y: readonly number[]): void;
  toJSON(): unknown;
}

/**
 * An engine for `randomForestClassifier({ engine })` and `randomForestRegressor({ engine })`. Needs the package
 * ml-random-forest beside this one.
 * @throws (when fitting) BACKEND  where ml-random-forest is not installed; OPTION for settings that it does not have
 */
export function mlRandomForest(): ForeignEngine {
  return {
    name: 'ml-random-forest',
    async open() {
      const { RandomForestClassifier, RandomForestRegression } = await load();
      return {
        check(settings) {
          const { criterion, minSamplesLeaf, maxLeafNodes, minImpurityDecrease, random } = settings;
          const refused = [
            ['criterion', criterion === 'entropy'],
            ['minSamplesLeaf', minSamplesLeaf > 1],
            ['maxLeafNodes', maxLeafNodes < Number.POSITIVE_INFINITY],
            ['minImpurityDecrease', minImpurityDecrease > 0],
            ['random cuts', random],
          ].find(([, given]) => given);
          if (refused)
            throw new DendriteError(
              'OPTION',
              `fit(): ml-random-forest must be used without ${refused[0]}, which it does not have, got it. Leave it out, or use another engine.`,
            );
        },
        grow({ x, y, features, classes, settings, seed }) {
          const { maxDepth, minSamplesSplit } = settings;
          const forest = new (classes > 0 ? RandomForestClassifier : RandomForestRegression)({
            nEstimators: 1,
            seed,
            useSampleBagging: false,
            noOOB: true,
            replacement: false,
            maxFeatures: 1.0,
            treeOptions: { maxDepth, minNumSamples: minSamplesSplit - 1 },
          });
          forest.train(x, y);
          const { baseModel } = fieldsOf(JSON.parse(JSON.stringify(forest)), 'fit()');
          const { indexes, estimators } = fieldsOf(baseModel, 'fit()');
          const [order] = indexes as readonly number[][];
          const [estimator] = estimators as readonly unknown[];
          const drawn = (order ?? []).map((column) => features[column] as number);
          return importTree(fieldsOf(estimator, 'fit()').root, drawn, classes, 'fit()');
        },
      };
    },
  };
}

async function load(): Promise<Library> {
  try {
    // Its declarations do not compile, so what is used of it is declared above.
    const library: unknown = await import('ml-random-forest');
    return library as Library;
  } catch (cause) {
    throw new DendriteError(
      'BACKEND',
      'fit(): the engine ml-random-forest must be installed, got none. Run: npm install ml-random-forest',
      { cause },
    );
  }
}
