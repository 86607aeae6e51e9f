/** @dendrite/model: one Model interface for nets and forests, and the data they learn from. */
export { fromBytes, isCheckpoint, toBytes } from '@dendrite/safetensors';
export { type Adaptation, type AdaptedDefinition, type AnyFitted, adaptModel } from './adapt/adapt-model.ts';
export { type ArraySourceOptions, arraySource } from './array-source/array-source.ts';
export { rowsOf } from './array-source/rows-of.ts';
export { type EarlyStoppingOptions, earlyStopping } from './callbacks/early-stopping.ts';
export { type EventLogOptions, eventLog, fromEventLines, toEventLines } from './callbacks/event-log.ts';
export { stopOnNaN } from './callbacks/stop-on-nan.ts';
export { type TensorBoardLogOptions, tensorBoardLog } from './callbacks/tensor-board/tensor-board-log.ts';
export { timeBudget } from './callbacks/time-budget.ts';
export { bestCheckpoint, lastCheckpoint } from './checkpoints/find.ts';
export { memoryStore } from './checkpoints/memory-store.ts';
export { type ToSourceOptions, toSource } from './conversion/to-source.ts';
export { toTable } from './conversion/to-table.ts';
export { type DefinedModel, defineModel } from './define-model/define-model.ts';
export type {
  CheckpointParts,
  ColumnData,
  CoreOutput,
  ExtendInfo,
  FittedCore,
  ModelDefinition,
  OptionRule,
  OptionRules,
  PredictInput,
  RestoreTask,
  SavedParts,
  TrainEvent,
  TrainingData,
  TrainTask,
} from './definition/definition.ts';
export { noCapabilities } from './definition/no-capabilities.ts';
export { anything, numberAbove, trueOrFalse, wholeNumber } from './definition/option-rules.ts';
export { fromHistoryFile, type RunHistory, toHistoryFile } from './history/history-file.ts';
export { codesOf } from './labels/known-labels.ts';
export { type LabelCodes, labelCodes } from './labels/label-codes.ts';
export { type Build, builder, type Factory, type FactoryTable, load } from './load/load.ts';
export { whenNeeded } from './loading/when-needed.ts';
export { inBytes } from './plan/plan-text.ts';
export type { PlannedWork, SmallTrial } from './plan/planned-work.ts';
export type {
  ColumnPreprocessing,
  Preprocessing,
  TablePreprocessing,
  ValuesPreprocessing,
} from './preprocessing/preprocessing.ts';
export { readPreprocessing } from './preprocessing/read-preprocessing.ts';
export { type Elsewhere, type Replayed, type ReplayOptions, replay } from './replay/replay.ts';
export { type Probing, probing } from './restore/check-probe.ts';
export { type Predictor, type PredictorDefinition, restorePredictor } from './restore/predictor.ts';
export { splitIndices, stratifiedSplit } from './split/split.ts';
export { selectRows, tableOf } from './table/table.ts';
export { type Row, tableFromRows } from './table/table-from-rows.ts';
export {
  learnVocabulary,
  specialCodes,
  type TokenLevel,
  type Vocabulary,
  type VocabularyOptions,
  vocabularyFrom,
  vocabularyJson,
} from './vocabulary/vocabulary.ts';
