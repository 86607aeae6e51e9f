/** This package's layers and cells by name, for models that are loaded from a file. */
import { type FactoryTable, initializerFrom, modelFactory } from '@dendrite/nn';
import type { Json } from '@dendrite/spec';
import {
  type CharacterLanguageModelOptions,
  characterLanguageModel,
} from './character-language-model/character-language-model.ts';
import { type ForecasterOptions, forecaster } from './forecaster/forecaster.ts';
import { gru } from './gru/gru.ts';
import { gruCell, lstmCell, simpleRnnCell } from './layer/cells.ts';
import { lstm } from './lstm/lstm.ts';
import { type SequenceClassifierOptions, sequenceClassifier } from './sequence-models/sequence-classifier.ts';
import { sequenceTagger } from './sequence-models/sequence-tagger.ts';
import { simpleRnn } from './simple-rnn/simple-rnn.ts';

type Fields = Readonly<Record<string, Json>>;

/** A factory of units and options, from its config. */
const from =
  <O extends object>(make: (units: number, options: O) => object) =>
  (config: Json): object => {
    const { units, initializer, recurrentInitializer, ...rest } = config as Fields;
    const options: object = {
      ...rest,
      initializer: initializerFrom(initializer),
      recurrentInitializer: initializerFrom(recurrentInitializer),
    };
    // What is in a file is judged by the factory itself, as options of users are.
    return make(Number(units), options as O);
  };

const oneWay = ['cell', 'units', 'layers', 'dropout'];
const body = [...oneWay, 'bidirectional'];

/** Pass it where a model is loaded: `load(bytes, { with: [nnLayers, rnnLayers] })`. */
export const rnnLayers: FactoryTable = Object.freeze({
  'rnn-lstm/simple-rnn': from(simpleRnn),
  'rnn-lstm/lstm': from(lstm),
  'rnn-lstm/gru': from(gru),
  'rnn-lstm/simple-rnn-cell': from(simpleRnnCell),
  'rnn-lstm/lstm-cell': from(lstmCell),
  'rnn-lstm/gru-cell': from(gruCell),
  'rnn-lstm/character-language-model': modelFactory<CharacterLanguageModelOptions>(
    'rnn-lstm/character-language-model',
    [...oneWay, 'steps', 'embedding'],
    characterLanguageModel,
  ),
  'rnn-lstm/forecaster': modelFactory<ForecasterOptions>(
    'rnn-lstm/forecaster',
    [...oneWay, 'window', 'horizon', 'target'],
    forecaster,
  ),
  'rnn-lstm/sequence-classifier': modelFactory<SequenceClassifierOptions>(
    'rnn-lstm/sequence-classifier',
    [...body, 'scaling', 'steps'],
    sequenceClassifier,
  ),
  'rnn-lstm/sequence-tagger': modelFactory<SequenceClassifierOptions>(
    'rnn-lstm/sequence-tagger',
    [...body, 'scaling', 'steps'],
    sequenceTagger,
  ),
});
