/** Models of texts as ONNX models, whole, beside their own answers. */
import { causalLanguageModel, documentClassifier, textClassifier, translator } from '@dendrite/attention';
import { toOnnx as textToOnnx, translatorToOnnx } from '@dendrite/attention/onnx';
import { createRuntime } from '@dendrite/core';
import { vocabularyFrom } from '@dendrite/model';
import { toOnnx } from '@dendrite/nn/onnx';
import { toOnnx as sequenceToOnnx } from '@dendrite/rnn-lstm/onnx';
import type { Json } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { metadataOf } from './metadata.fixture.ts';
import { close, given, opened } from './onnxruntime.fixture.ts';

const runtime = await createRuntime();
const fit = { seed: 1, runtime };

const size = { width: 8, heads: 2, layers: 2, epochs: 2 };
const x = ['a fine film', 'dull and long , so very long', 'fine acting', 'a dull story', 'really fine', 'so dull'];
const y = ['good', 'bad', 'good', 'bad', 'good', 'bad'];
const vocabularyOf = (text: string | undefined) => vocabularyFrom(JSON.parse(text ?? '') as Json);
const asked = [...x, 'nobody knows it', ''];

test.each([
  ['a classifier', textClassifier(size), [1, 2, 3, 5, 7]],
  ['a classifier of documents', documentClassifier({ ...size, levels: [3] } as object), [3, 6, 9]],
] as const)('%s, with its vocabulary and what it looked at', async (_name, make, lengths) => {
  const model = await make.fit({ x, y }, fit);
  const bytes = await textToOnnx(await model.save());
  const { vocabulary, labels } = metadataOf(bytes);
  const { encode } = vocabularyOf(vocabulary);
  expect(labels).toBe('["bad","good"]');
  const session = await opened(bytes);
  const expected = (await model.predictProbabilities(asked)).data;
  for (const [row, text] of asked.entries()) {
    const codes = encode(text).slice(0, 7);
    // As long as the text, and with padding behind it.
    for (const length of lengths.filter((each) => each >= codes.length)) {
      const data = Int32Array.from({ length }, (_, i) => codes[i] ?? 0);
      const found = await session.run({ tokens: given(data, [1, length], 'int32') });
      close(found.probabilities?.data, expected.subarray(row * 2, row * 2 + 2));
      const weights = (await model.attention(text)).map(({ weight }) => weight);
      close(Array.from(found.weights?.data ?? []).slice(0, weights.length), weights);
    }
  }
  await session.close();
});

test('a language model', async () => {
  const model = await causalLanguageModel({ ...size, length: 6, level: 'words' }).fit({ texts: x }, fit);
  const bytes = await textToOnnx(await model.save());
  const { encode, size: codesThere } = vocabularyOf(metadataOf(bytes).vocabulary);
  const session = await opened(bytes);
  for (const text of ['a fine', 'so very dull and long story', 'fine acting , really']) {
    const codes = encode(text);
    const data = Int32Array.from(codes.slice(0, -1));
    const { logits } = await session.run({ tokens: given(data, [1, data.length], 'int32') });
    expect(logits?.dims).toEqual([1, data.length, codesThere]);
    let nats = 0;
    for (const [t, code] of codes.slice(1).entries()) {
      const row = Array.from(logits?.data ?? []).slice(t * codesThere, (t + 1) * codesThere);
      nats += (Math.log(row.reduce((sum, each) => sum + Math.exp(each), 0)) - (row[code] ?? 0)) / data.length;
    }
    close([Math.exp(nats)], [await model.perplexity(text)]);
  }
  await session.close();
});

test('a translator writes what it writes here, and looks where it looks', async () => {
  const pairs = {
    x: ['one two', 'two three one', 'three one', 'two'],
    y: ['eins zwei', 'zwei drei eins', 'drei eins', 'zwei'],
  };
  const model = await translator({ width: 8, heads: 2, layers: 2, dropout: 0, epochs: 40 }).fit(pairs, fit);
  const { encoder, decoder } = await translatorToOnnx(await model.save());
  const { sourceVocabulary, targetVocabulary, targetLength } = metadataOf(decoder);
  const [reads, writes] = [vocabularyOf(sourceVocabulary), vocabularyOf(targetVocabulary)];
  const [reader, writer] = [await opened(encoder), await opened(decoder)];
  const translated: string[] = [];
  for (const [row, text] of pairs.x.entries()) {
    const codes = [...reads.encode(text), ...(row === 3 ? [0, 0] : [])];
    const source = given(Int32Array.from(codes), [1, codes.length], 'int32');
    const { memory } = await reader.run({ source });
    const written = [2];
    let looks: ArrayLike<number> = [];
    while (written.length <= Number(targetLength)) {
      const { logits, weights } = await writer.run({
        source,
        memory: given(Float32Array.from(memory?.data ?? []), memory?.dims ?? []),
        target: given(Int32Array.from(written), [1, written.length], 'int32'),
      });
      looks = weights?.data ?? [];
      const last = Array.from(logits?.data ?? [])
        .slice(-writes.size)
        .slice(3);
      const next = 3 + last.indexOf(Math.max(...last));
      if (next === 3) break;
      written.push(next);
    }
    translated.push(writes.decode(written));
    const map = await model.attention(text);
    const there = Array.from({ length: map.values.length * map.columns.length }, (_, i) => {
      const [t, s] = [Math.floor(i / map.columns.length), i % map.columns.length];
      return looks[t * codes.length + s] ?? 0;
    });
    close(there, map.values.flat());
  }
  expect(translated).toEqual(await model.predict(pairs.x));
  await Promise.all([reader.close(), writer.close()]);
});

test('a model is exported by its own package, and the message says by which', async () => {
  const model = await textClassifier({ ...size, epochs: 1 }).fit({ x, y }, fit);
  const saved = await model.save();
  await expect(toOnnx(saved)).rejects.toThrow(
    "got 'attention/text-classifier'. Use toOnnx() of @dendrite/attention/onnx.",
  );
  await expect(sequenceToOnnx(saved)).rejects.toThrow('Use toOnnx() of @dendrite/attention/onnx.');
  await expect(translatorToOnnx(saved)).rejects.toThrow('Other models of texts are exported by toOnnx().');
});
