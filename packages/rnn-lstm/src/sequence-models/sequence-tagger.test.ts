import { createRuntime } from '@dendrite/core';
import { accuracy } from '@dendrite/metrics';
import { fromBytes, load, toBytes } from '@dendrite/model';
import { nnLayers } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import { expect, expectTypeOf, test } from 'vitest';
import { rnnLayers, sequenceTagger } from '../index.ts';

const runtime = await createRuntime();
/** Does the next step rise? The last one ends: only reading from the end can tell. */
const sequences = (rows: number, from: number) => {
  const x = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: 3 + ((row + from) % 4) }, (__, t) => Math.sin(7 * (row + from) + 2.3 * t)),
  );
  const y = x.map((each) =>
    each.map((value, t): 'rises' | 'falls' | 'ends' => {
      const next = each[t + 1];
      return next === undefined ? 'ends' : next > value ? 'rises' : 'falls';
    }),
  );
  return { x, y };
};
const make = () => sequenceTagger({ units: 10, epochs: 25, batchSize: 16, optimizer: adam({ learningRate: 0.03 }) });

test('tags every step of ragged sequences, reading from both ends', async () => {
  const before = runtime.live();
  const test_ = sequences(40, 1000);
  const fitted = await make().fit(sequences(120, 0), { runtime, validation: 0.1 });
  const tags = await fitted.predict(test_.x);
  expectTypeOf(tags).toEqualTypeOf<('rises' | 'falls' | 'ends')[][]>();
  expect(tags.map((each) => each.length)).toEqual(test_.x.map((each) => each.length));
  expect(tags.every((each) => each.at(-1) === 'ends' && !each.slice(0, -1).includes('ends'))).toBe(true);
  const { right } = await fitted.evaluate(test_, { right: accuracy });
  expect(right).toBeGreaterThan(0.95);
  const flat = tags.flat().filter((tag, i) => tag === test_.y.flat()[i]).length / tags.flat().length;
  expect(right).toBeCloseTo(flat, 10);
  const bytes = toBytes(await fitted.save());
  const restored = await make().restore(fromBytes(bytes), { runtime, labels: ['ends', 'falls', 'rises'] });
  expect(await restored.predict(test_.x)).toEqual(tags);
  const loaded = (await load(bytes, { with: [nnLayers, rnnLayers], runtime })) as object as typeof fitted;
  expect(await loaded.predict(test_.x)).toEqual(tags);
  for (const each of [fitted, restored, loaded]) each.dispose();
  expect(runtime.live()).toEqual(before);
}, 60_000);

test('a sequence needs a tag for each step', async () => {
  await expect(make().fit({ x: [[1, 2], [3]], y: [['a'], ['b']] }, { runtime })).rejects.toThrow(
    'y must have one tag for each step, got 1 for the 2 steps of sequence 0',
  );
});

test('learns where the tags that stand for rows are all alike by chance', async () => {
  const fitted = await sequenceTagger({ units: 3, epochs: 1 }).fit(
    {
      x: [
        [1, 2],
        [3, 1],
      ],
      y: [
        ['a', 'b'],
        ['b', 'a'],
      ],
    },
    { runtime },
  );
  expect(fitted.labels).toEqual(['a', 'b']);
  fitted.dispose();
});
