/** @dendrite/rnn-lstm: recurrent layers, and models of sequences, series and text. Sequences are `[batch, time, channels]`. */

export type { CharacterData } from './character-language-model/character-data.ts';
export {
  type CharacterLanguageModel,
  type CharacterLanguageModelOptions,
  characterLanguageModel,
  type FittedCharacterLanguageModel,
  type GenerateOptions,
} from './character-language-model/character-language-model.ts';
export type { CellParams } from './direction/cell-params.ts';
export type { ForecastComparison, ForecastErrors } from './forecaster/compare-forecasts.ts';
export {
  type FittedForecaster,
  type Forecaster,
  type ForecasterOptions,
  forecaster,
  type SeriesData,
} from './forecaster/forecaster.ts';
export type { Series } from './forecaster/windows.ts';
export { type GradientNorms, gradientNormsByStep } from './gradient-norms/gradient-norms-by-step.ts';
export { type Gru, gru } from './gru/gru.ts';
export { type Cell, type CellOptions, gruCell, lstmCell, simpleRnnCell } from './layer/cells.ts';
export {
  type CarriedState,
  type HiddenState,
  type LevelParams,
  type LstmState,
  type RecurrentLayer,
  type RecurrentOptions,
  type RecurrentRun,
  type RunOptions,
  runSequence,
} from './layer/recurrent-layer.ts';
export { type Lstm, type LstmOptions, lstm } from './lstm/lstm.ts';
export { rnnLayers } from './rnn-layers.ts';
export {
  type SequenceClassifier,
  type SequenceClassifierOptions,
  sequenceClassifier,
} from './sequence-models/sequence-classifier.ts';
export {
  type FittedTagger,
  type SequenceTagger,
  sequenceTagger,
  type TaggedData,
} from './sequence-models/sequence-tagger.ts';
export { type SimpleRnn, type SimpleRnnOptions, simpleRnn } from './simple-rnn/simple-rnn.ts';
