import { modelConformance } from '@dendrite/conformance';
import { fromBytes, toBytes } from '@dendrite/safetensors';
import { describe, test } from 'vitest';
import {
  decisionTreeClassifier,
  decisionTreeRegressor,
  extraTreesClassifier,
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
} from './forests.ts';

const bytes = { toBytes, fromBytes };
const expectedFailures = {
  'model: a heavier class is predicted more often':
    'leaves of fully grown trees are pure, so weights move cuts and nothing else; with minSamplesLeaf they do',
};
const makers = {
  'random forest classifier': { make: () => randomForestClassifier({ trees: 12 }), kit: { expectedFailures } },
  'random forest classifier, exact': {
    make: () => randomForestClassifier({ trees: 12, splitter: 'exact' }),
    kit: { expectedFailures },
  },
  'random forest classifier, larger leaves': {
    make: () => randomForestClassifier({ trees: 12, minSamplesLeaf: 6 }),
    kit: {},
  },
  'random forest regressor': { make: () => randomForestRegressor({ trees: 12 }), kit: {} },
  'random forest regressor, median': { make: () => randomForestRegressor({ trees: 12, combine: 'median' }), kit: {} },
  'extra trees classifier': { make: () => extraTreesClassifier({ trees: 12 }), kit: {} },
  'extra trees regressor': { make: () => extraTreesRegressor({ trees: 12 }), kit: {} },
  'one tree, classes': { make: () => decisionTreeClassifier({ maxDepth: 4 }), kit: { deterministic: true } },
  'one tree, numbers': { make: () => decisionTreeRegressor({ minSamplesLeaf: 3 }), kit: { deterministic: true } },
};
for (const [name, { make, kit }] of Object.entries(makers))
  describe(name, () => {
    for (const each of modelConformance(make, { bytes, ...kit })) test(each.name, each.run);
  });
