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
