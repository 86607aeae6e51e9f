import { createRuntime } from '@dendrite/core';
import { fromBytes, load, toBytes } from '@dendrite/model';
import { nnLayers } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import type { Checkpoint } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { characterLanguageModel, rnnLayers } from '../index.ts';

const runtime = await createRuntime();
const text = 'abcabcabdabc'.repeat(30);
const make = () =>
  characterLanguageModel({
    units: 12,
    steps: 6,
    embedding: 6,
    epochs: 6,
    batchSize: 5,
    optimizer: adam({ learningRate: 0.02 }),
  });

test('learns what follows what, writes it, and measures bits', async () => {
  const before = runtime.live();
  const fitted = await make().fit({ text }, { runtime, validation: 0.1 });
  expect(fitted.labels).toEqual(['\uFFFD', 'a', 'b', 'c', 'd']);
  // c or d after ab is a question of what was before; everything else is certain: far below the 1.7 bits of the letters alone.
  expect(await fitted.bitsPerCharacter('abcabcabdabc'.repeat(4))).toBeLessThan(0.7);
  expect(await fitted.generate('abcab', { length: 3, temperature: 0 })).toMatch(/^abcab[cd]ab$/);
  expect(await fitted.predict(['abca', 'a'])).toEqual(['b', 'b']);
  expect(fitted.history.at(-1)?.metrics).toHaveProperty('validation.loss');
  const a = await fitted.generate('a', { length: 30, seed: 3 });
  expect(a).toBe(await fitted.generate('a', { length: 30, seed: 3 }));
  expect(a).not.toBe(await fitted.generate('a', { length: 30, seed: 4 }));
  fitted.dispose();
  expect(runtime.live()).toEqual(before);
});

test('its file holds its characters: loaded by name, it writes the same', async () => {
  const fitted = await make().fit({ text }, { runtime });
  const bytes = toBytes(await fitted.save());
  const loaded = (await load(bytes, { with: [nnLayers, rnnLayers], runtime })) as object as typeof fitted;
  const restored = await make().restore(fromBytes(bytes), { runtime });
  const wanted = await fitted.generate('ab', { length: 20 });
  for (const each of [loaded, restored]) {
    expect(await each.generate('ab', { length: 20 })).toBe(wanted);
    expect(await each.bitsPerCharacter(text)).toBe(await fitted.bitsPerCharacter(text));
    each.dispose();
  }
  fitted.dispose();
});

test('a run that goes on from a checkpoint has the bits of an unbroken one: the carried state is in it', async () => {
  let taken: Checkpoint | undefined;
  const half = await make().fit(
    { text },
    {
      runtime,
      callbacks: [
        {
          name: 'taker',
          async on(event, run) {
            if (taken || event.unit !== 'epoch' || event.done < 3) return;
            taken = await run.checkpoint();
            run.stop('half way');
          },
        },
      ],
    },
  );
  if (!taken) throw new Error('a checkpoint must be there');
  const resumed = await make().fit({ text }, { runtime, from: taken });
  const whole = await make().fit({ text }, { runtime });
  const [a, b] = [await resumed.save(), await whole.save()];
  expect(Object.keys(a.arrays).some((array) => array.startsWith('state.'))).toBe(true);
  expect(a.arrays).toEqual(b.arrays);
  for (const each of [half, resumed, whole]) each.dispose();
});

test('prompts with what comes next are data too', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => (i % 2 ? 'xxo' : 'oox'));
  const fitted = await make().fit(
    { x: rows, y: rows.map((row) => (row === 'xxo' ? 'x' : 'o')) },
    { runtime, epochs: 20 },
  );
  expect(await fitted.predict(['xxo', 'oox'])).toEqual(['x', 'o']);
  fitted.dispose();
});

test.each<readonly [string, () => Promise<unknown>, RegExp]>([
  ['a bare string', () => make().fit(text as never), /Write \{ text \}/],
  ['a text of one character', () => make().fit({ text: 'a' }), /at least 2 characters, got 1/],
  ['a misspelt option', async () => characterLanguageModel({ unit: 3 } as object), /got 'unit'/],
  ['a share to validate of 2', () => make().fit({ text }, { validation: 2 }), /above 0 and below 1, got 2/],
])('wrong use: %s', async (_what, run, words) => {
  await expect(run()).rejects.toThrow(words);
});
