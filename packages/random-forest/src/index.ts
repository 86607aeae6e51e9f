/** @dendrite/random-forest: random forests, extra trees and decision trees behind the Model interface. */
export type { Path, Step } from './explain/path.ts';
export type { TreeNodeData } from './explain/tree-data.ts';
export type {
  ClassifierCapabilities,
  ForestMembers,
  ForestModel,
  RegressorCapabilities,
  Single,
  WithoutBag,
} from './forest/define-forest.ts';
export { forestModels } from './forest/forest-models.ts';
export {
  decisionTreeClassifier,
  decisionTreeRegressor,
  type ExtraTreesOptions,
  extraTreesClassifier,
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
} from './forest/forests.ts';
export type {
  ClassifierOptions,
  Engine,
  ForestOptions,
  MaxFeatures,
  RegressorOptions,
  TreeOptions,
} from './options/forest-options.ts';
