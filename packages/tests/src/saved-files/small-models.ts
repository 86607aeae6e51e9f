/** One small trained model of each kind, with a checkpoint of those that can go on: what `pnpm fuzz` damages and old files are made of. */
import { attentionLayers, causalLanguageModel, textClassifier, translator } from '@dendrite/attention';
import { cnnLayers, conv2d, maxPool2d } from '@dendrite/cnn';
import { relu, tanh } from '@dendrite/core';
import type { FactoryTable } from '@dendrite/model';
import {
  batchNorm,
  classifier,
  dense,
  dropout,
  flatten,
  nnLayers,
  regressor,
  residual,
  sequential,
} from '@dendrite/nn';
import { hostKey, integers, uniforms } from '@dendrite/random';
import {
  decisionTreeClassifier,
  extraTreesRegressor,
  forestModels,
  randomForestClassifier,
  randomForestRegressor,
} from '@dendrite/random-forest';
import { characterLanguageModel, forecaster, rnnLayers, sequenceClassifier, sequenceTagger } from '@dendrite/rnn-lstm';
import type { Checkpoint, SavedModel } from '@dendrite/spec';

/** Every factory of ours. */
export const tables: readonly FactoryTable[] = [nnLayers, cnnLayers, rnnLayers, attentionLayers, forestModels];

export interface SmallModel {
  readonly name: string;
  /** Trains, on data that are made up; the same numbers every time. */
  make(): Promise<{ readonly saved: SavedModel; readonly checkpoint?: Checkpoint }>;
  /** What it is asked, for the recorded answers of an old file. */
  readonly inputs: unknown;
  /** Goes on from a checkpoint, on the data of `make`. */
  resume?(from: Checkpoint): Promise<unknown>;
}

/** Numbers as nested lists of this shape. */
function rowsOf(data: ArrayLike<number>, [count = 0, ...rest]: readonly number[]): unknown {
  const size = data.length / count;
  const part = (i: number): number[] => Array.from({ length: size }, (_, j) => data[i * size + j] ?? 0);
  return Array.from({ length: count }, (_, i) => (rest.length === 0 ? data[i] : rowsOf(part(i), rest)));
}

/** The part of every model that is used here, whatever its data are. */
interface Trainable {
  fit(data: never, options: object): Promise<{ save(): Promise<SavedModel>; dispose(): void }>;
}

const numbers = Array.from({ length: 24 }, (_, i) => Array.from(uniforms(hostKey(i), 4)));
const kinds = numbers.map(([a = 0, b = 0]) => (a > b ? 'left' : 'right'));
const rows = numbers.map(([a = 0, b = 0, c = 0], i) => ({
  a,
  b,
  colour: ['red', 'green', 'blue'][i % 3],
  y: a + 2 * c,
}));
const pictures = {
  data: Uint8Array.from(integers(hostKey(3), 24 * 36, 256)),
  shape: [24, 6, 6, 1],
};
const lists = numbers.map((row, i) => row.slice(0, 2 + (i % 3)));
const words = ['the cat sat on the mat', 'the dog ran', 'a bird sang to the cat', 'the mat was red'];
const texts = words.flatMap((text) => [text, `${text} again`]);

function small(name: string, model: object, data: unknown, inputs: unknown, options: object = {}): SmallModel {
  const trainable = model as Trainable;
  return {
    name,
    inputs,
    async make() {
      let checkpoint: Checkpoint | undefined;
      const keep = {
        name: 'keep',
        async on(_: unknown, run: { checkpoint(): Promise<Checkpoint> }) {
          checkpoint ??= await run.checkpoint();
        },
      };
      const resumes = (model as { readonly capabilities: { readonly resume: string } }).capabilities.resume !== 'none';
      const fitted = await trainable.fit(data as never, { seed: 1, ...options, ...(resumes && { callbacks: [keep] }) });
      const saved = await fitted.save();
      fitted.dispose();
      return { saved, ...(checkpoint && { checkpoint }) };
    },
    async resume(from) {
      const fitted = await trainable.fit(data as never, { seed: 1, ...options, from });
      fitted.dispose();
    },
  };
}

const once = { epochs: 1, batchSize: 12 };

export const smallModels: readonly SmallModel[] = [
  small(
    'classifier',
    classifier(
      sequential(dense(5, { activation: tanh }), batchNorm(), dropout(0.2), residual(dense(5)), dense(2)),
      once,
    ),
    { x: numbers, y: kinds },
    numbers.slice(0, 4),
  ),
  small(
    'image-classifier',
    classifier(sequential(conv2d({ filters: 2, size: 3, activation: relu }), maxPool2d(2), flatten, dense(2)), once),
    { x: pictures, y: kinds },
    rowsOf(pictures.data.subarray(0, 72), [2, 6, 6, 1]),
  ),
  small(
    'regressor',
    regressor(sequential(dense(4), relu, dense(1)), once),
    { rows, target: 'y' },
    rows.slice(0, 4).map(({ y: _, ...row }) => row),
  ),
  small(
    'sequence-classifier',
    sequenceClassifier({ cell: 'gru', units: 3, ...once }),
    { x: lists, y: kinds },
    lists.slice(0, 4),
  ),
  small(
    'sequence-tagger',
    sequenceTagger({ cell: 'lstm', units: 3, ...once }),
    { x: lists, y: lists.map((list) => list.map((value) => (value > 0.5 ? 'high' : 'low'))) },
    lists.slice(0, 4),
  ),
  small(
    'forecaster',
    forecaster({ window: 6, horizon: 2, units: 3, ...once }),
    { series: Array.from({ length: 40 }, (_, i) => Math.sin(i)) },
    [Array.from({ length: 6 }, (_, i) => Math.sin(i))],
  ),
  small(
    'character-language-model',
    characterLanguageModel({ units: 4, steps: 8, ...once }),
    { text: words.join('. ').repeat(3) },
    ['the ', 'a b'],
  ),
  small(
    'text-classifier',
    textClassifier({ width: 4, heads: 2, layers: 1, ...once }),
    { x: texts, y: texts.map((text) => text.includes('cat')) },
    texts.slice(0, 3),
  ),
  small(
    'causal-language-model',
    causalLanguageModel({ width: 4, heads: 2, layers: 1, length: 4, ...once }),
    { texts },
    ['the cat', 'a'],
  ),
  small(
    'translator',
    translator({ width: 4, heads: 2, layers: 1, ...once }),
    { x: texts, y: texts.map((text) => text.split(' ').toReversed().join(' ')) },
    texts.slice(0, 2),
  ),
  small(
    'forest-classifier',
    randomForestClassifier({ trees: 4, maxDepth: 4 }),
    { rows: rows.map((row, i) => ({ ...row, y: kinds[i] })), target: 'y' },
    rows.slice(0, 4).map(({ y: _, ...row }) => row),
  ),
  small(
    'forest-regressor',
    randomForestRegressor({ trees: 3, maxDepth: 3, splitter: 'exact' }),
    { rows, target: 'y' },
    [
      { a: 0.1, b: 0.9, colour: 'red' },
      { a: 0.8, b: 0.2, colour: 'blue' },
    ],
  ),
  small(
    'extra-trees-regressor',
    extraTreesRegressor({ trees: 2, maxDepth: 3 }),
    { x: numbers, y: rows.map(({ y }) => y) },
    numbers.slice(0, 4),
  ),
  small('tree-classifier', decisionTreeClassifier({ maxDepth: 3 }), { x: numbers, y: kinds }, numbers.slice(0, 4)),
];
