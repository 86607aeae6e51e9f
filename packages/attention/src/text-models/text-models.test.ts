/** Models of text: they learn, are saved and loaded, go on to the bit, leave nothing, and say what is wrong with their data. */
import { createRuntime } from '@dendrite/core';
import { earlyStopping, fromBytes, load, toBytes } from '@dendrite/model';
import { nnLayers } from '@dendrite/nn';
import { hostKey, integers } from '@dendrite/random';
import type { Checkpoint, Metric } from '@dendrite/spec';
import { expect, test } from 'vitest';
import {
  attentionLayers,
  causalLanguageModel,
  documentClassifier,
  type FittedLanguageModel,
  type FittedTextClassifier,
  type FittedTranslator,
  textClassifier,
  translator,
} from '../index.ts';

const runtime = await createRuntime();
const tables = { with: [nnLayers, attentionLayers], runtime };
/** Share of texts that are right. */
const exact: Metric<{ readonly right: number; readonly all: number }> = {
  '~dendrite': 'metric',
  name: 'exact',
  task: 'classification',
  init: () => ({ right: 0, all: 0 }),
  update: ({ right, all }, { expected, predicted }) => ({
    right: right + Array.from(expected).filter((each, i) => each === predicted[i]).length,
    all: all + expected.length,
  }),
  merge: (a, b) => ({ right: a.right + b.right, all: a.all + b.all }),
  value: ({ right, all }) => right / all,
};

const names = ['null', 'eins', 'zwei', 'drei'];
/** Digits of words of one to three letters, written backwards in German. */
const pairs = Array.from({ length: 64 }, (_, i) => {
  const digits = Array.from(integers(hostKey(i), 1 + (i % 3), 4));
  return {
    x: digits.join(''),
    y: digits
      .map((digit) => names[digit])
      .toReversed()
      .join(' '),
  };
});
const data = { x: pairs.map(({ x }) => x), y: pairs.map(({ y }) => y) };
const small = { source: 'characters', target: 'spaces', width: 16, heads: 2, layers: 1, dropout: 0 } as const;

test('a translator learns to turn digits around, is saved, and looks where it should', async () => {
  const before = runtime.device.memory().buffers;
  const model = await translator({ ...small, epochs: 60, batchSize: 16 }).fit(data, { seed: 1, runtime });
  expect((await model.evaluate(data, { exact })).exact).toBeGreaterThan(0.95);
  expect(model.history.at(-1)?.metrics.accuracy).toBeGreaterThan(0.95);
  const { rows, columns, values } = await model.attention('123');
  expect([rows.join(' '), columns]).toEqual([(await model.predict(['123']))[0], ['1', '2', '3']]);
  for (const row of values) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  const loaded: object = await load(toBytes(await model.save()), tables);
  const again = loaded as FittedTranslator;
  expect(await again.predict([...data.x, '9', ''])).toEqual(await model.predict([...data.x, '9', '']));
  expect(await again.attention('123')).toEqual({ rows, columns, values });
  again.dispose();
  model.dispose();
  expect(runtime.device.memory().buffers).toBe(before);
}, 60_000);

test('what a translator writes is made of tokens it knows, however little it has learned', async () => {
  const model = await translator({ ...small, epochs: 1 }).fit(data, { seed: 4, runtime });
  const known = new Set(names);
  for (const said of await model.predict(['0', '12', '9', '']))
    expect(said.split(' ').filter((word) => word !== '' && !known.has(word))).toEqual([]);
  await expect(model.predict(['0'], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  for (const text of ['12', '9']) expect((await model.attention(text)).rows.every((row) => known.has(row))).toBe(true);
  model.dispose();
});

test('a translator that goes on from a checkpoint ends with the bits of one that was not stopped', async () => {
  const options = { ...small, dropout: 0.2, epochs: 2, batchSize: 16 };
  const whole = await translator(options).fit(data, { seed: 3, runtime, validation: 0.2 });
  let kept: Checkpoint | undefined;
  const stop = {
    name: 'stop',
    async on({ done }: { readonly done: number }, run: { stop(): void; checkpoint(): Promise<Checkpoint> }) {
      if (done !== 3 || kept) return;
      kept = await run.checkpoint();
      run.stop();
    },
  };
  const cut = await translator(options).fit(data, { seed: 3, runtime, validation: 0.2, callbacks: [stop] });
  if (!kept) throw new Error('no checkpoint was made');
  const from = fromBytes(toBytes(kept)) as Checkpoint;
  const rest = await translator(options).fit(data, { seed: 3, runtime, validation: 0.2, from });
  const bytes = async (model: FittedTranslator): Promise<unknown> => (await model.save()).arrays;
  expect(await bytes(rest)).toEqual(await bytes(whole));
  expect(await bytes(cut)).not.toEqual(await bytes(whole));
  for (const model of [whole, cut, rest]) model.dispose();
}, 60_000);

const reviews = ['good', 'bad'].flatMap((word) =>
  Array.from({ length: 24 }, (_, i) => {
    const filler = Array.from(integers(hostKey(i), 3 + (i % 4), 9), (n) => `w${n}`);
    filler.splice(i % filler.length, 0, word);
    return { text: filler.join(' '), label: word === 'good' };
  }),
);
const judged = { x: reviews.map(({ text }) => text), y: reviews.map(({ label }) => label) };

test.each([
  ['text', textClassifier({ width: 16, heads: 2, layers: 1, dropout: 0, epochs: 15, batchSize: 8 })],
  ['document', documentClassifier({ levels: [2, 2], width: 16, heads: 2, dropout: 0, epochs: 15, batchSize: 8 })],
] as const)(
  'a %s classifier finds the word that decides',
  async (_, model) => {
    const before = runtime.device.memory().buffers;
    const fitted = await model.fit(judged, {
      seed: 2,
      runtime,
      validation: 0.25,
      callbacks: [earlyStopping({ patience: 9 })],
    });
    expect((await fitted.evaluate(judged, { exact })).exact).toBeGreaterThan(0.95);
    const [first] = await fitted.predict(['w1 w2 good w3']);
    expect(first satisfies boolean | undefined).toBe(true);
    const weights = await fitted.attention('w1 good w2');
    expect(weights.map(({ token }) => token)).toEqual(['w1', 'good', 'w2']);
    const loaded: object = await load(toBytes(await fitted.save()), tables);
    const again = loaded as FittedTextClassifier<boolean>;
    expect(await again.predictProbabilities(judged.x)).toEqual(await fitted.predictProbabilities(judged.x));
    again.dispose();
    fitted.dispose();
    expect(runtime.device.memory().buffers).toBe(before);
  },
  60_000,
);

test('a language model of a text that repeats itself goes on with it', async () => {
  const before = runtime.device.memory().buffers;
  const text = 'abcd, '.repeat(60);
  const options = { width: 16, heads: 2, layers: 1, length: 12, dropout: 0, epochs: 30, batchSize: 8 };
  const model = await causalLanguageModel(options).fit(
    { text },
    { seed: 1, runtime, validation: { text: 'abcd, abcd, ' } },
  );
  expect(await model.generate('cd, a', { length: 7, temperature: 0 })).toBe('cd, abcd, ab');
  const drawn = await model.generate('ab', { length: 9, seed: 4 });
  expect(drawn).toBe(await model.generate('ab', { length: 9, seed: 4 }));
  expect(await model.perplexity(text)).toBeLessThan(1.3);
  expect(await model.bitsPerCharacter(text)).toBeCloseTo(Math.log2(await model.perplexity(text)), 10);
  expect(await model.perplexity('dcba')).toBeGreaterThan(3);
  await expect(model.generate('ab', { length: -1 })).rejects.toThrow('length must be a whole number of at least 0');
  const loaded: object = await load(toBytes(await model.save()), tables);
  const again = loaded as FittedLanguageModel;
  expect(await again.generate('ab', { length: 9, seed: 4 })).toBe(drawn);
  again.dispose();
  model.dispose();
  expect(runtime.device.memory().buffers).toBe(before);
}, 60_000);

test('a language model of words begins and ends its texts', async () => {
  const options = {
    level: 'words',
    width: 16,
    heads: 2,
    layers: 1,
    length: 8,
    dropout: 0,
    epochs: 60,
    batchSize: 4,
  } as const;
  const model = await causalLanguageModel(options).fit({ texts: ['we go home', 'we stay here'] }, { seed: 1, runtime });
  expect(['we go home', 'we stay here']).toContain(await model.generate('', { temperature: 0.3 }));
  expect(await model.generate('we go', { temperature: 0 })).toBe('we go home');
  model.dispose();
}, 60_000);

test.each<[string, () => Promise<unknown>, string, string]>([
  ['no texts', () => translator().fit({ x: [1 as never], y: ['a'] }), 'DATA', 'x must be texts, got 1 in row 0'],
  ['lengths', () => translator().fit({ x: ['a'], y: [] }), 'DATA', 'y must have one entry a text, got 0 for 1'],
  ['nothing', () => textClassifier().fit({ x: [], y: [] }), 'DATA', 'there must be at least one text'],
  ['no data', () => textClassifier().fit(undefined as never), 'DATA', 'data must be { x: texts, y: one entry a text }'],
  [
    'a share',
    () => causalLanguageModel().fit({ text: 'abc' }, { validation: 0.1 as never }),
    'OPTION',
    'got the share 0.1',
  ],
  ['empty', () => causalLanguageModel().fit({ text: '' }), 'DATA', 'at least one token to learn from'],
  ['one token', () => causalLanguageModel().fit({ text: 'a' }), 'DATA', 'a text must have at least two tokens'],
])('teaches by its error: %s', async (_, run, code, message) => {
  await expect(run()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});
test.each<[() => unknown, string]>([
  [
    () => translator({ source: 'letters' as 'words' }),
    "source must be 'characters' or 'words' or 'spaces', got 'letters'",
  ],
  [() => textClassifier({ width: 10, heads: 4 }), 'width must be a multiple of its 4 heads, got 10'],
  [() => documentClassifier({ levels: [] }), 'levels must be whole numbers of at least 1, such as [32, 32], got []'],
  [() => causalLanguageModel({ size: 3 } as never), "got 'size'"],
])('teaches by its error %#', (run, message) => {
  expect(run).toThrow(expect.objectContaining({ code: 'OPTION', message: expect.stringContaining(message) }));
});
