/** @dendrite/random-forest/ml-random-forest: that library as an engine, and its models. Needs ml-random-forest beside it. */
export type { ForeignEngine, ForeignGrower, ForeignTask } from './foreign/foreign-engine.ts';
export { fromMlRandomForest } from './foreign/from-ml-random-forest.ts';
export { mlRandomForest } from './foreign/ml-random-forest-engine.ts';
