/** @dendrite/model: one Model interface for nets and forests, and the data they learn from. */
export { type ArraySourceOptions, arraySource } from './array-source/array-source.ts';
export type {
  CheckpointParts,
  ColumnData,
  CoreOutput,
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
export { splitIndices, stratifiedSplit } from './split/split.ts';
export { selectRows } from './table/table.ts';
export { type Row, tableFromRows } from './table/table-from-rows.ts';
