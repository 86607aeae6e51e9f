/** @dendrite/random-forest/predict: predicting with a saved forest, without what trains. */
export { type ClassPredictor, loadForest, type NumberPredictor } from './predict-only/load-forest.ts';
