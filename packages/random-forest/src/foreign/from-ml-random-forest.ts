/** Models of ml-random-forest, from their JSON. */
import type { Fitted, Label, SavedModel } from '@dendrite/spec';
import type { ClassifierCapabilities, ForestMembers, RegressorCapabilities } from '../forest/define-forest.ts';
import { randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';
import { binsJson, float64, forestArrays } from '../saved/forest-arrays.ts';
import { noBins } from './foreign-trainer.ts';
import { fieldsOf, importTree, strange } from './import-tree.ts';

const where = 'fromMlRandomForest()';
type Named<N extends string> = { readonly name: N };

/**
 * The fitted model that a `toJSON()` of ml-random-forest describes: `RFClassifier` becomes a classifier, `RFRegression` a
 * regressor. Classifiers answer by the mean of the leaves' shares, as ours do, where that library takes the most frequent
 * vote: `combine: 'mode'`. Inputs are taken as float32.
 * @param options.labels  what the codes 0, 1, … mean. Default: the codes
 * @param options.features  how many features a row has. Default: as many as the trees know
 * @throws FORMAT  for anything else
 */
export function fromMlRandomForest<const T extends Label = number>(
  json: Named<'RFClassifier'>,
  options?: { readonly labels?: readonly T[]; readonly features?: number; readonly combine?: 'mean' | 'mode' },
): Promise<Fitted<ClassifierCapabilities, T> & ForestMembers>;
export function fromMlRandomForest(
  json: Named<'RFRegression'>,
  options?: { readonly features?: number },
): Promise<Fitted<RegressorCapabilities, number> & ForestMembers>;
export async function fromMlRandomForest(
  json: Named<string>,
  options: { readonly labels?: readonly Label[]; readonly features?: number; readonly combine?: 'mean' | 'mode' } = {},
): Promise<object> {
  const { name, baseModel } = fieldsOf(JSON.parse(JSON.stringify(json)), where);
  if (name !== 'RFClassifier' && name !== 'RFRegression')
    throw strange('the name', "be 'RFClassifier' or 'RFRegression'", name, where);
  const { indexes, estimators } = fieldsOf(baseModel, where);
  if (
    !Array.isArray(indexes) ||
    !Array.isArray(estimators) ||
    indexes.length !== estimators.length ||
    estimators.length === 0
  )
    throw strange('the model', 'have as many trees as lists of features', name, where);
  const lists = indexes as readonly (readonly number[])[];
  const features = options.features ?? Math.max(...lists.flat()) + 1;
  const roots = estimators.map((estimator) => fieldsOf(estimator, where).root);
  const classes = name === 'RFClassifier' ? Math.max(options.labels?.length ?? 0, ...roots.map(mostShares)) : 0;
  const labels = options.labels ?? Array.from({ length: classes }, (_, code) => code);
  const trees = roots.map((root, t) => importTree(root, lists[t] ?? [], classes, where));
  const bins = Array.from({ length: features }, () => noBins);
  const settings = { trees: trees.length, splitter: 'exact', missing: 'error' } as const;
  const model =
    classes > 0
      ? randomForestClassifier({ ...settings, combine: options.combine ?? 'mode' })
      : randomForestRegressor(settings);
  const saved: SavedModel = {
    header: {
      format: 'dendrite',
      version: 1,
      model: model.meta,
      config: model.config,
      task: classes > 0 ? 'classification' : 'regression',
      ...(classes > 0 && { labels }),
      preprocessing: { kind: 'values', shape: [features], dtype: 'float32' },
      seed: 0,
      data: '',
      packages: {},
      extra: { trees: trees.length, columns: [], bins: binsJson(bins) },
    },
    arrays: {
      ...forestArrays({ trees, bins, classes, exact: true }),
      importance: float64(new Float64Array(features)),
    },
  };
  return model.restore(saved);
}

function mostShares(node: unknown): number {
  const { left, right, distribution } = fieldsOf(node, where);
  if (Array.isArray(distribution)) return Array.isArray(distribution[0]) ? distribution[0].length : 0;
  return Math.max(mostShares(left), mostShares(right));
}
