/** @dendrite/core: tensors, ops, gradients and runtimes. */
export { cpu } from './cpu/cpu.ts';
export { type CheckOptions, checkGradients, type GradientReport } from './differentiate/check-gradients.ts';
export { customGradient } from './differentiate/custom-gradient.ts';
export { grad, type LossAndAux, valueAndGrad } from './differentiate/grad.ts';
export { stopGradient } from './differentiate/stop-gradient.ts';
export { hasDefaultRuntime, loadDefaultRuntime, setDefaultRuntime } from './engine/chosen-runtime.ts';
export { createRuntime, init, type RuntimeOptions } from './engine/create-runtime.ts';
export { defaultRuntime } from './engine/default-runtime.ts';
export { type BackendDescription, describeBackends, type OpSupport } from './engine/describe-backends.ts';
export { consume, keep, scope, tensor } from './engine/tensor.ts';
export { type LayerDefinition, layer } from './layer/layer.ts';
export { stepScalars } from './layer/step-scalars.ts';
export { type NullDevice, nullBackend } from './null/null-backend.ts';
export { putAlongAxis, takeAlongAxis } from './ops/along-axis/along-axis.ts';
export { argMax, argMin } from './ops/arg-reduce/arg-reduce.ts';
export { broadcastTo } from './ops/broadcast/broadcast-to.ts';
export { cast } from './ops/cast/cast.ts';
export { categorical } from './ops/categorical/categorical.ts';
export { clip } from './ops/clip/clip.ts';
export { concat, stack } from './ops/concat/concat.ts';
export { type CumulativeOptions, cumulativeProduct, cumulativeSum } from './ops/cumulative/cumulative.ts';
export { einsum } from './ops/einsum/einsum.ts';
export {
  celu,
  elu,
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish,
  hardTanh,
  leakyRelu,
  logSigmoid,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softplus,
  softsign,
  step,
  tanhShrink,
} from './ops/expression/activations.ts';
export { add, atan2, div, maximum, minimum, mod, mul, pow, sub } from './ops/expression/arithmetic.ts';
export {
  equal,
  greater,
  greaterEqual,
  isFinite,
  isNaN,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
} from './ops/expression/comparisons.ts';
export {
  type BinaryFunction,
  type Derivatives,
  type ExpressionRow,
  expressionOp,
  only,
  type UnaryFunction,
} from './ops/expression/expression-op.ts';
export { argument, castTo, f as formula, input, where as choose } from './ops/expression/formula.ts';
export {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  cos,
  cosh,
  erf,
  exp,
  expm1,
  floor,
  log,
  log1p,
  neg,
  reciprocal,
  round,
  rsqrt,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  tan,
  tanh,
} from './ops/expression/mathematics.ts';
export { gather, scatterAdd } from './ops/gather/gather.ts';
export { gatherNd, scatterNd } from './ops/gather-nd/gather-nd.ts';
export { fill } from './ops/making/fill.ts';
export { full, type MakingOptions, ones, onesLike, range, zeros, zerosLike } from './ops/making/full.ts';
export { type InnerFits, type MatmulOptions, matmul, type ProductShape } from './ops/matmul/matmul.ts';
export { oneHot } from './ops/one-hot/one-hot.ts';
export { type PadOptions, pad } from './ops/pad/pad.ts';
export type { PadMode } from './ops/pad/pad-by-copies.ts';
export { bernoulli, type NormalOptions, normal, permutation, truncatedNormal, uniform } from './ops/random/random.ts';
export { all, any, logSumExp, max, mean, min, prod, type ReduceOptions, sum, variance } from './ops/reduce/reduce.ts';
export { repeat } from './ops/repeat/repeat.ts';
export { expandDims, reshape, squeeze } from './ops/reshape/reshape.ts';
export { scatterSet } from './ops/scatter-set/scatter-set.ts';
export { reverse, type SliceOptions, slice, tile } from './ops/slice/slice.ts';
export { logSoftmax, softmax } from './ops/softmax/softmax.ts';
export { argSort, type SortOptions, sort } from './ops/sort/sort.ts';
export { split, unstack } from './ops/split/split.ts';
export { type TopKOptions, topK } from './ops/top-k/top-k.ts';
export { transpose } from './ops/transpose/transpose.ts';
export { lowerTriangle, upperTriangle } from './ops/triangle/triangle.ts';
export { where } from './ops/where/where.ts';
export { type WindowAttributes, type WindowOptions, windowGather, windowScatter } from './ops/window/window.ts';
export {
  type Compiled,
  type CompileOptions,
  compile,
  type Step,
  type StepStatus,
} from './recording/compile.ts';
export { scan } from './recording/scan.ts';
export { type Rehearsal, rehearse } from './rehearsal/rehearsal.ts';
export { isTensor, type Leaf, leaves, mapTree, rebuild, zipTrees } from './tree/tree.ts';
export { version } from './version.ts';
