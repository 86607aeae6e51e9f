/** @dendrite/nn: layers, losses, initialisers, and what makes a model of any layer. */
export { layer } from '@dendrite/core';
export type { Build, FactoryTable } from '@dendrite/model';
export { type Activation, type ActivationOption, activationJson } from './activation/activation.ts';
export { activationFrom } from './activation/activations-table.ts';
export { type BatchNorm, type BatchNormOptions, batchNorm } from './batch-norm/batch-norm.ts';
export { buildLayer, layerFromJson, layerJson } from './composition/layer-json.ts';
export { type Bound, type Network, type NetworkIdentity, network } from './composition/network.ts';
export { type Parallel, parallel } from './composition/parallel.ts';
export { type Residual, residual } from './composition/residual.ts';
export { type Chained, type Sequential, sequential } from './composition/sequential.ts';
export { type CtcLossOptions, ctcLoss } from './ctc/ctc-loss.ts';
export { type Dense, type DenseOptions, type DenseWithoutBias, dense } from './dense/dense.ts';
export { type Dropout, dropout } from './dropout/dropout.ts';
export { type Embedding, type EmbeddingOptions, embedding } from './embedding/embedding.ts';
export { type Tied, tied } from './embedding/tied.ts';
export { flatten } from './flatten/flatten.ts';
export { type GroupNorm, type GroupNormOptions, groupNorm } from './group-norm/group-norm.ts';
export {
  constant,
  type Fans,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  initializerJson,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  zeros,
} from './initializer/initializer.ts';
export { initializerFrom } from './initializer/initializers-table.ts';
export { type InstanceNorm, type InstanceNormOptions, instanceNorm } from './instance-norm/instance-norm.ts';
export { type LayerNorm, type LayerNormOptions, layerNorm } from './layer-norm/layer-norm.ts';
export {
  type FindLearningRateOptions,
  findLearningRate,
  type LearningRates,
} from './learning-rate/find-learning-rate.ts';
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropyWithLogits,
} from './losses/binary-cross-entropy-with-logits.ts';
export { type KlDivergenceOptions, klDivergence } from './losses/kl-divergence.ts';
export {
  type GaussianLossOptions,
  gaussianLoss,
  type PoissonLossOptions,
  poissonLoss,
} from './losses/likelihood-losses.ts';
export { meanAbsoluteError } from './losses/mean-absolute-error.ts';
export { meanSquaredError } from './losses/mean-squared-error.ts';
export { type MultiMarginOptions, multiMarginLoss } from './losses/multi-margin-loss.ts';
export { cosineEmbeddingLoss, type TripletMarginOptions, tripletMarginLoss } from './losses/pair-losses.ts';
export type { Reduction } from './losses/reduction.ts';
export { huberLoss, smoothL1Loss } from './losses/smooth-losses.ts';
export {
  type ClassifierCapabilities,
  type ClassifierOptions,
  classifier,
  classifierCapabilities,
} from './net-model/classifier.ts';
export type { NetCore } from './net-model/fitted-net.ts';
export { modelFactory, netOptionsFrom } from './net-model/from-config.ts';
export { type NetModelDefinition, netModel } from './net-model/net-model.ts';
export type { NetLayer, NetOptions } from './net-model/net-options.ts';
export type { NetCapabilities, NetFitOptions } from './net-model/net-plan.ts';
export { type RegressorCapabilities, type RegressorOptions, regressor } from './net-model/regressor.ts';
export type { ScalingChoice } from './net-model/scaling.ts';
export { type Loss, softmaxCrossEntropyHead, type TaskHead } from './net-model/task-head.ts';
export { nnLayers } from './nn-layers.ts';
export { type Perceptron, type PerceptronOptions, perceptron } from './perceptron/perceptron.ts';
export { type Prelu, type PreluOptions, prelu } from './prelu/prelu.ts';
export { type RmsNorm, type RmsNormOptions, rmsNorm } from './rms-norm/rms-norm.ts';
export { type SampleOptions, sampleToken } from './sample-token/sample-token.ts';
export { type SoftmaxCrossEntropyOptions, softmaxCrossEntropy } from './softmax-cross-entropy/softmax-cross-entropy.ts';
export { type Summary, type SummaryRow, summary } from './summary/summary.ts';
