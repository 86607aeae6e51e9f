/** @dendrite/spec: the contracts every package speaks, and nothing that computes. */

export type { CaseInput, HostTensor, OpCase, OpCases } from './cases.ts';
export type { CheckpointRule, CheckpointStore, Trigger } from './checkpoint-store.ts';
export type {
  ArrayData,
  Batch,
  BatchOptions,
  Cell,
  Column,
  Data,
  DataSource,
  Label,
  LabelOf,
  NestedValues,
  Numbers,
  RowData,
  Table,
  TableData,
  Values,
} from './data.ts';
export type {
  Advance,
  Backend,
  Buffer,
  Device,
  DeviceMemory,
  Executable,
  Meta,
  NativeKernel,
  Recorded,
  RecordedCall,
  Slot,
} from './device.ts';
export { DendriteError, type ErrorCode, isDendriteError } from './errors.ts';
export type { Binary, Expression, Unary } from './expression.ts';
export type { ClassWeights, Inputs, Judgeable, Learnable, RowOf, TargetOf, Validated } from './known-data.ts';
export type {
  Context,
  Layer,
  LayerLike,
  Optimizer,
  ParamsOf,
  Shapes,
  StateOf,
  StepNumbers,
  StepScalars,
  Variables,
} from './layer.ts';
export type {
  Callback,
  CallbackRun,
  Capabilities,
  FitOptions,
  FitRun,
  Fitted,
  FittedBase,
  Metric,
  MetricPart,
  Model,
  Prediction,
  Probabilities,
  ProgressEvent,
  RestoreOptions,
} from './model.ts';
export {
  type Attributes,
  type Call,
  type CompositeOp,
  definedOps,
  defineOp,
  type ExpressionOp,
  type GenericVariant,
  type GradientContext,
  type GradientRule,
  type JsKernel,
  type JsRoutine,
  type KernelConstants,
  type Kernels,
  type Language,
  type Op,
  type PrimitiveOp,
  type WasmKernel,
  type WasmPhase,
  type WasmTarget,
  type WasmVariant,
} from './op.ts';
export type { BackendChoice, Decision, Runtime, Synchronous } from './runtime.ts';
export type { Checkpoint, Probe, SavedArray, SavedHeader, SavedModel } from './saved-model.ts';
export type {
  AnyTreeOf,
  DType,
  HostArray,
  HostArrays,
  HostKey,
  Json,
  Key,
  NestedNumbers,
  Shape,
  Tensor,
  TensorSpec,
  Tree,
  TreeOf,
} from './tensor.ts';
export type { PlannedBytes, PlanObstacle, PlanOptions, TrainingPlan } from './training-plan.ts';
