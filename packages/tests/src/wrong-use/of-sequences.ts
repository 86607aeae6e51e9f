// Wrong uses of recurrent layers and of the models over them.
import { createRuntime, zeros } from '@dendrite/core';
import {
  characterLanguageModel,
  forecaster,
  lstm,
  runSequence,
  sequenceClassifier,
  sequenceTagger,
} from '@dendrite/rnn-lstm';
import type { WrongCall } from './wrong-call.ts';

const runtime = await createRuntime();

export const ofSequences: readonly WrongCall[] = [
  {
    mistake: 'an option by the name that others give it',
    code: 'OPTION',
    says: ["'return_sequences'", "output: 'last'"],
    call: () => lstm(8, { return_sequences: true } as object),
  },
  {
    mistake: 'a series without an axis of channels',
    code: 'SHAPE',
    says: ['[batch, time, channels]', '[2, 5]', 'length 1'],
    call: () => lstm(8).init(runtime.key(0), [2, 5]),
  },
  {
    mistake: 'a length past the last step',
    code: 'DATA',
    says: ['0 to 4', '7', 'sequence 1'],
    call: () => {
      const layer = lstm(2);
      const { params } = layer.init(runtime.key(0), [2, 4, 1]);
      return runSequence(layer, params, zeros([2, 4, 1], { runtime }), { lengths: [4, 7] });
    },
  },
  {
    mistake: 'a sequence longer than those of training',
    code: 'SHAPE',
    says: ['at most the 2 steps', '3', 'steps: 3'],
    call: async () => {
      const fitted = await sequenceClassifier({ units: 2, epochs: 1 }).fit({ x: [[1, 2], [3]], y: ['a', 'b'] });
      return fitted.predict([[1, 2, 3]]);
    },
  },
  {
    mistake: 'fewer tags than steps',
    code: 'DATA',
    says: ['one tag for each step', '1', '2 steps', 'sequence 0'],
    call: () => sequenceTagger().fit({ x: [[1, 2]], y: [['a']] }),
  },
  {
    mistake: 'a series shorter than window and horizon',
    code: 'DATA',
    says: ['at least 30 steps', '24', '6', '10'],
    call: () => forecaster({ horizon: 6 }).fit({ series: Array.from({ length: 10 }, (_, t) => t) }),
  },
  {
    mistake: 'a bare string for a text',
    code: 'DATA',
    says: ['{ text }'],
    call: () => characterLanguageModel().fit('a long text' as never),
  },
];
