/** This package's models by name, for models that are loaded from a file. */
import type { FactoryTable } from '@dendrite/model';
import type { Json } from '@dendrite/spec';
import {
  decisionTreeClassifier,
  decisionTreeRegressor,
  extraTreesClassifier,
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
} from './forests.ts';

/** A factory of options, from the config of a file: what is decided by the kind of forest is no option, no limit is null. */
const from =
  <O extends object>(make: (options: O) => object) =>
  (config: Json): object => {
    const fields = Object.entries(typeof config === 'object' && config !== null ? config : {});
    // What is in a file is judged by the factory itself, as options of users are.
    const options: object = Object.fromEntries(
      fields.filter(([name, value]) => value !== null && name !== 'task' && name !== 'random'),
    );
    return make(options as O);
  };

/**
 * Pass it where a model is loaded.
 * @example no-run
 * import { load } from '@dendrite/model';
 * import { forestModels } from '@dendrite/random-forest';
 * declare const bytes: Uint8Array;
 * const forest = await load(bytes, { with: [forestModels] });
 */
export const forestModels: FactoryTable = Object.freeze({
  'random-forest/classifier': from(randomForestClassifier),
  'random-forest/regressor': from(randomForestRegressor),
  'random-forest/extra-trees-classifier': from(extraTreesClassifier),
  'random-forest/extra-trees-regressor': from(extraTreesRegressor),
  'random-forest/tree-classifier': from(decisionTreeClassifier),
  'random-forest/tree-regressor': from(decisionTreeRegressor),
});
