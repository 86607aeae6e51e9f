/** Models of ml-random-forest, from their JSON. */
import { DendriteError, type Fitted, type Label, type SavedModel } from '@dendrite/spec';
import type { ClassifierCapabilities, ForestMembers, RegressorCapabilities } from '../forest/define-forest.ts';
import { randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';
import { binsJson, float64, forestArrays } from '../saved/forest-arrays.ts';
import { fieldsOf, importTree, strange } from './import-tree.ts';
import { noBins } from './no-bins.ts';

const where = 'fromMlRandomForest()';
type Named<N extends string> = { readonly name: N };

/**
 * The fitted model that a `toJSON()` of ml-random-forest describes: `RFClassifier` becomes a classifier, `RFRegression` a
 * regressor. It answers as that library does: classifiers by the most frequent vote, regressors by the mean or the median, as
 * the JSON says. Inputs are taken as float32. The median of an even number of trees lies between the two in the middle, where
 * that library takes the lower one.
 * @param options.labels  what the codes 0, 1, … mean, one each. Default: the codes
 * @param options.combine  `'mean'` of the leaves' shares instead of the most frequent vote; `'mean'` or `'median'` of the numbers
 * @param options.features  how many features a row has. Default: as many as the trees know
 * @throws FORMAT  for anything else; OPTION for labels or features that are not those of the trees
 */
export function fromMlRandomForest<const T extends Label = number>(
  json: Named<'RFClassifier'>,
  options?: { readonly labels?: readonly T[]; readonly features?: number; readonly combine?: 'mean' | 'mode' },
): Promise<Fitted<ClassifierCapabilities, T> & ForestMembers>;
export function fromMlRandomForest(
  json: Named<'RFRegression'>,
  options?: { readonly features?: number; readonly combine?: 'mean' | 'median' },
): Promise<Fitted<RegressorCapabilities, number> & ForestMembers>;
export async function fromMlRandomForest(
  json: Named<string>,
  options: {
    readonly labels?: readonly Label[];
    readonly features?: number;
    readonly combine?: 'mean' | 'mode' | 'median';
  } = {},
): Promise<object> {
  const { name, baseModel, selectionMethod = 'mean' } = fieldsOf(JSON.parse(JSON.stringify(json)), where);
  if (name !== 'RFClassifier' && name !== 'RFRegression')
    throw strange('the name', "be 'RFClassifier' or 'RFRegression'", name, where);
  const { indexes, estimators } = fieldsOf(baseModel, where, 'its baseModel');
  const lists = listsOf(indexes);
  const [trained, count] = [Array.isArray(estimators) ? estimators : [], lists?.length];
  if (lists === undefined || trained.length !== count)
    throw strange(
      'its baseModel',
      "have 'estimators', which are trees, and as many 'indexes', which are lists of features",
      { estimators: trained.length, indexes: count ?? 'no such lists' },
      where,
    );
  const used = Math.max(...lists.flat()) + 1;
  if (selectionMethod !== 'mean' && selectionMethod !== 'median')
    throw strange('the selectionMethod', "be 'mean' or 'median'", selectionMethod, where);
  const known = name === 'RFClassifier' ? ['labels', 'features', 'combine'] : ['features', 'combine'];
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown !== undefined)
    throw new DendriteError(
      'OPTION',
      `${where}: an option must be one of ${known.join(', ')}, got '${unknown}'. Leave it out.`,
    );
  const { features = used } = options;
  if (!(Number.isInteger(features) && features >= used))
    throw new DendriteError(
      'OPTION',
      `${where}: features must be a whole number of at least ${used}, for the trees know so many, got ${features}.`,
    );
  const roots = trained.map((estimator) => fieldsOf(estimator, where, 'a tree').root);
  const classes = name === 'RFClassifier' ? Math.max(...roots.map(mostShares)) : 0;
  const codes = Array.from({ length: classes }, (_, code) => code);
  const { labels = codes } = options;
  if (classes > 0 && (labels.length !== classes || new Set(labels).size < classes))
    throw new DendriteError(
      'OPTION',
      `${where}: labels must be ${classes} different ones, for the trees tell so many classes, got ${JSON.stringify(labels)}. Give them in the order of the codes ${codes.join(', ')}.`,
    );
  const trees = roots.map((root, t) => importTree(root, lists[t] ?? [], classes, where));
  const bins = Array.from({ length: features }, () => noBins);
  const settings = { trees: trees.length, splitter: 'exact', missing: 'error' } as const;
  const model =
    classes > 0
      ? randomForestClassifier({ ...settings, combine: combineOf(options.combine ?? 'mode', 'mode') })
      : randomForestRegressor({ ...settings, combine: combineOf(options.combine ?? selectionMethod, 'median') });
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
      // It would have to be worked out from the rows, which are not in the JSON.
      importance: float64(new Float64Array(features).fill(Number.NaN)),
    },
  };
  return model.restore(saved);
}

/** `'mean'`, or the other way that this kind of forest has. */
function combineOf<const T extends string>(given: string, other: T): 'mean' | T {
  if (given === 'mean') return given;
  if (given === other) return other;
  throw new DendriteError('OPTION', `${where}: combine must be 'mean' or '${other}', got '${given}'. Leave it out.`);
}

/** Undefined where they are no lists of features, one a tree. */
function listsOf(indexes: unknown): readonly (readonly number[])[] | undefined {
  const lists: readonly unknown[] = Array.isArray(indexes) ? indexes : [];
  const found = lists.filter(
    (list): list is number[] =>
      Array.isArray(list) && list.length > 0 && list.every((f) => Number.isInteger(f) && f >= 0),
  );
  return found.length === lists.length && found.length > 0 ? found : undefined;
}

function mostShares(node: unknown): number {
  const { left, right, distribution } = fieldsOf(node, where);
  if (Array.isArray(distribution)) return Array.isArray(distribution[0]) ? distribution[0].length : 0;
  return Math.max(mostShares(left), mostShares(right));
}
