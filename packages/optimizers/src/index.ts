/** @dendrite/optimizers: what turns gradients into the next parameters. Pure `init` and `update`; one op a step and parameter. */
export { type AccumulatedState, accumulated } from './accumulated/accumulated.ts';
export { type AdaDeltaOptions, type AdaDeltaState, adaDelta } from './ada-delta/ada-delta.ts';
export { type AdaGradOptions, type AdaGradState, adaGrad } from './ada-grad/ada-grad.ts';
export { type AdaMaxOptions, type AdaMaxState, adaMax } from './ada-max/ada-max.ts';
export { type AdamOptions, type AdamState, adam } from './adam/adam.ts';
export { adamW } from './adam/adam-w.ts';
export { type AveragedState, averaged } from './averaged/averaged.ts';
export { clipByGlobalNorm } from './clipping/clip-by-global-norm.ts';
export { clipByValue } from './clipping/clip-by-value.ts';
export { type Clipping, clipped } from './clipping/clipped.ts';
export { type GroupedState, grouped, type ParameterGroup } from './grouped/grouped.ts';
export { type Candidate, type PathOf, type PathPattern, pathsWhere, type Selection } from './grouped/paths.ts';
export { type LionOptions, type LionState, lion } from './lion/lion.ts';
export { type LossScaledState, type LossScaleOptions, lossScaled } from './loss-scaled/loss-scaled.ts';
export { type NadamOptions, type NadamState, nadam } from './nadam/nadam.ts';
export { optimizersTable } from './optimizers-table.ts';
export { type RadamOptions, type RadamState, radam } from './radam/radam.ts';
export { type RmsPropOptions, type RmsPropState, rmsProp } from './rms-prop/rms-prop.ts';
export { type RpropOptions, type RpropState, rprop } from './rprop/rprop.ts';
export { type ChainedRate, chainedRates, warmUp } from './schedule/chained-rates.ts';
export {
  type CosineDecayOptions,
  type CosineRestartsOptions,
  cosineDecay,
  cosineRestarts,
  type OneCycleOptions,
  oneCycle,
} from './schedule/cosines.ts';
export { type CyclicRateOptions, cyclicRate } from './schedule/cyclic-rate.ts';
export {
  type ExponentialDecayOptions,
  exponentialDecay,
  type MultiStepDecayOptions,
  multiStepDecay,
  type PolynomialDecayOptions,
  polynomialDecay,
  type StepDecayOptions,
  stepDecay,
} from './schedule/decays.ts';
export { type LinearRateOptions, linearRate } from './schedule/linear-rate.ts';
export { type ReduceOnPlateauOptions, reduceOnPlateau } from './schedule/reduce-on-plateau.ts';
export type { Schedule } from './schedule/schedule.ts';
export { scheduled } from './scheduled/scheduled.ts';
export { type SgdOptions, type SgdState, sgd } from './sgd/sgd.ts';
export { defineOptimizer, type OptimizerFactory, type OptimizerRow } from './update/define-optimizer.ts';
export { version } from './version.ts';
