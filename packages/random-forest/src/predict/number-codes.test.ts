/** A few rows are coded without columns, and end in the leaves that they end in among many. */
import { hostKey, integers, normals } from '@dendrite/random';
import { describe, expect, test } from 'vitest';
import { randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';

const width = 23;
const rows = 40;
const noise = normals(hostKey(1), rows * width);
const names = Array.from({ length: width }, (_, f) => `c${f}`);
const objects = Array.from({ length: rows }, (_, i) =>
  Object.fromEntries(names.map((name, f) => [name, noise[i * width + f] as number])),
);
const kind = Array.from({ length: rows }, (_, i) => (noise[i * width] as number) > 0);

describe('few rows are read as they come, and end where the same rows end among many', () => {
  test('objects', async () => {
    const forest = await randomForestRegressor({ trees: 9 }).fit({
      rows: objects.map((row, i) => ({ ...row, y: i })),
      target: 'y',
    });
    const expected = await forest.predict(objects);
    const [first, second] = objects;
    expect(await forest.predict([first ?? {}])).toEqual(expected.slice(0, 1));
    expect(await forest.predict([{ ...first, y: 3 }, second ?? {}])).toEqual(expected.slice(0, 2));
    // In another order, and as a class of their own, whose cells are inherited.
    expect(await forest.predict([Object.fromEntries(Object.entries(first ?? {}).reverse())])).toEqual(
      expected.slice(0, 1),
    );
    // Gaps and mistakes go the long way.
    await expect(forest.predict([{ ...first, c3: null }])).resolves.toHaveLength(1);
    await expect(forest.predict([{ ...first, c3: Number.POSITIVE_INFINITY }])).rejects.toThrow("row 0, column 'c3'");
    await expect(forest.predict([{ ...first, other: 1 }])).rejects.toThrow("got 'other'");
    await expect(forest.predict([Object.create({ ...first })])).rejects.toThrow("must have a column 'c0'");
  });

  test('plain numbers', async () => {
    const x = { data: Float32Array.from(noise), shape: [rows, width] };
    for (const engine of ['wasm', 'js'] as const) {
      const forest = await randomForestClassifier({ trees: 9, engine }).fit({ x, y: kind });
      const { data: expected } = await forest.predictProbabilities(x);
      const one = { data: x.data.slice(2 * width, 3 * width), shape: [1, width] };
      const { data } = await forest.predictProbabilities(one);
      expect([...data]).toEqual([...expected.slice(4, 6)]);
      expect(await forest.predict([[...one.data]])).toEqual(await forest.predict(one));
      await expect(forest.predict([[...one.data.fill(Number.NaN, 5, 6)]])).rejects.toThrow(
        'got NaN in row 0, column 5',
      );
    }
  });

  test.each([1, 8, 40])('%i rows of bytes are their own codes', async (count) => {
    const data = Uint8Array.from(integers(hostKey(2), rows * width, 256));
    const forest = await randomForestClassifier({ trees: 9 }).fit({ x: { data, shape: [rows, width] }, y: kind });
    const part = data.slice(0, count * width);
    const bytes = await forest.predictProbabilities({ data: part, shape: [count, width] });
    const named = await forest.predictProbabilities(
      Array.from({ length: count }, (_, i) => [...part.subarray(i * width, (i + 1) * width)]),
    );
    expect(bytes).toEqual(named);
    const script = await randomForestClassifier({ trees: 9, engine: 'js' }).fit({
      x: { data, shape: [rows, width] },
      y: kind,
    });
    expect(await script.predictProbabilities({ data: part, shape: [count, width] })).toEqual(bytes);
  });
});
