/** @dendrite/conformance: test kits as data. */

export { type Comparison, compare } from './compare/compare.ts';
export { type DatasetKit, datasetConformance } from './dataset/dataset-conformance.ts';
export { type BackendKit, backendConformance } from './device/backend-conformance.ts';
export { makeInput } from './inputs/make-input.ts';
export {
  ConformanceFailure,
  check,
  type ExpectedFailures,
  type KitCase,
  withExpectedFailures,
} from './kit/kit-case.ts';
export { type LayerKit, layerConformance } from './layer/layer-conformance.ts';
export { type MetricKit, metricConformance } from './metric/metric-conformance.ts';
export { modelConformance } from './model/model-conformance.ts';
export type { ModelKit } from './model/model-kit.ts';
export { opConformance } from './op/op-conformance.ts';
export type { CheckGradients, OpKit, OpPart } from './op/op-kit.ts';
export { type OptimizerKit, optimizerConformance, type PlainRule } from './optimizer/optimizer-conformance.ts';
