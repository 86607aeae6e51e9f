/** Exporters that are handed files whose header lies: what `load` refuses, they refuse, before anything is made of it. */
import { causalLanguageModel, textClassifier, translator } from '@dendrite/attention';
import { toOnnx as textToOnnx, translatorToOnnx } from '@dendrite/attention/onnx';
import { createRuntime } from '@dendrite/core';
import { classifier, dense } from '@dendrite/nn';
import { toOnnx } from '@dendrite/nn/onnx';
import { randomForestClassifier } from '@dendrite/random-forest';
import { toOnnx as forestToOnnx } from '@dendrite/random-forest/onnx';
import { toJavaScript } from '@dendrite/random-forest/to-javascript';
import { characterLanguageModel, forecaster, sequenceClassifier } from '@dendrite/rnn-lstm';
import { toOnnx as sequenceToOnnx } from '@dendrite/rnn-lstm/onnx';
import { isDendriteError, type SavedModel } from '@dendrite/spec';
import { expect, test } from 'vitest';

const fit = { seed: 1, epochs: 1, runtime: await createRuntime() };
const x = ['a fine film', 'dull and long', 'fine acting', 'a dull story'];
const y = ['good', 'bad', 'good', 'bad'];
const size = { width: 4, heads: 2, layers: 1 };
const rows = [[1], [2], [3], [4]];
const steps = [
  [1, 2, 3],
  [3, 2],
  [0, 1, 2],
  [9, 4],
];
const savedOf = async (fitted: Promise<{ save(): Promise<SavedModel> }>): Promise<SavedModel> => (await fitted).save();

const [text, language, pair, net, sequences, series, characters, forest] = await Promise.all([
  savedOf(textClassifier(size).fit({ x, y }, fit)),
  savedOf(causalLanguageModel({ ...size, length: 4 }).fit({ texts: x }, fit)),
  savedOf(translator(size).fit({ x, y }, fit)),
  savedOf(classifier(dense(2)).fit({ x: rows, y }, fit)),
  savedOf(sequenceClassifier({ units: 3 }).fit({ x: steps, y }, fit)),
  savedOf(forecaster({ units: 3, window: 4 }).fit({ series: Array.from({ length: 20 }, (_, i) => i % 3) }, fit)),
  savedOf(characterLanguageModel({ units: 3, steps: 4 }).fit({ text: 'the cat sat on the mat. '.repeat(4) }, fit)),
  savedOf(randomForestClassifier({ trees: 2 }).fit({ x: rows, y }, { seed: 1 })),
]);

/** A copy whose header says something else at this path; undefined: nothing. */
function lying(saved: SavedModel, path: string, value: unknown): SavedModel {
  const header = structuredClone(saved.header) as object as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const at = names.reduce((node, name) => node[name] as Record<string, unknown>, header);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return { ...saved, header: header as object as SavedModel['header'] };
}

type Lie = readonly [path: string, value: unknown];
type Export = (saved: SavedModel) => unknown;
const cases: readonly (readonly [name: string, run: Export, saved: SavedModel, lies: readonly Lie[]])[] = [
  [
    'a classifier of texts',
    textToOnnx,
    text,
    [
      ['config.width', 1e9],
      ['config.width', 1e7],
      ['config.layers', 1e5],
      ['config.heads', 1e9],
      ['config.learned.length', 1e6],
      ['config.learned.labels', null],
      ['config.learned', null],
      ['config', null],
    ],
  ],
  [
    'a language model',
    textToOnnx,
    language,
    [
      ['config.width', 1e9],
      ['config.layers', 1e5],
      ['config.learned.form.length', 1e6],
      ['config.learned.form', null],
    ],
  ],
  [
    'a translator',
    translatorToOnnx,
    pair,
    [
      ['config.width', 1e9],
      ['config.layers', 1e5],
      ['config.learned.form.sourceLength', 1e6],
      ['config.learned.form.targetCodes', 1e9],
      ['config.learned.source', null],
    ],
  ],
  [
    'a network',
    toOnnx,
    net,
    [
      ['config', null],
      ['config.layer.config.units', 1e9],
      ['preprocessing', null],
      ['preprocessing', -1],
      ['preprocessing.shape', undefined],
      ['preprocessing.shape', [1e9]],
      ['preprocessing.dtype', null],
      ['preprocessing.dtype', '__proto__'],
      ['extra', null],
    ],
  ],
  [
    'a classifier of sequences',
    sequenceToOnnx,
    sequences,
    [
      ['config', null],
      ['config.units', 1e9],
      ['config.layers', 1e5],
      ['config.form.steps', 1e6],
      ['config.form.channels', 1e9],
      ['config.labels', null],
    ],
  ],
  [
    'a forecaster',
    sequenceToOnnx,
    series,
    [
      ['config.window', 1e9],
      ['config.horizon', 1e9],
      ['config.scale', null],
    ],
  ],
  [
    'a language model of characters',
    sequenceToOnnx,
    characters,
    [
      ['config.embedding', 1e9],
      ['config.learned.steps', 1e9],
      ['config.learned.streams', 1e9],
      ['config.learned', null],
    ],
  ],
];

test.each(
  cases.flatMap(([name, run, saved, lies]) => lies.map(([path, value]) => ({ name, run, saved, path, value }))),
)('$name: $path is $value', async ({ run, saved, path, value }) => {
  const error = await Promise.resolve(run(lying(saved, path, value))).catch((thrown: unknown) => thrown);
  expect(isDendriteError(error), String(error)).toBe(true);
});

test('how a model was trained does not matter', async () => {
  for (const [path, value] of [
    ['config.optimizer', { name: 'mine/descent', config: null }],
    ['config.loss', 'custom'],
  ] as const)
    await expect(toOnnx(lying(net, path, value))).resolves.toBeInstanceOf(Uint8Array);
});

test('a forest that is no saved model', () => {
  for (const given of [{}, null, { ...forest, header: {} }, { header: forest.header }])
    for (const run of [forestToOnnx, toJavaScript])
      expect(() => run(given as never)).toThrow(expect.objectContaining({ code: 'FORMAT' }));
});
