import { DendriteError, isDendriteError, type Label, type SavedModel } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { centroidCapabilities, nearestCentroid } from '../define-model/nearest-centroid.fixture.ts';
import { adaptModel } from './adapt-model.ts';

/** Numbers that people hold as texts: '3,1' becomes [3, 1]. What is learned is the size of batches, for want of better. */
interface TextModel {
  fit(data: { readonly x: readonly string[]; readonly y: readonly string[] }, options?: object): Promise<Fitted>;
  run(data: unknown): { readonly result: Promise<Fitted> };
  restore(saved: SavedModel): Promise<Fitted>;
}
interface Fitted {
  predict(x: readonly string[]): Promise<readonly Label[]>;
  predictProbabilities(x: readonly string[]): Promise<{ readonly shape: readonly number[] }>;
  shout(x: readonly string[]): Promise<readonly string[]>;
  save(): Promise<SavedModel>;
}
const numbers = (x: unknown, where: string): number[][] => {
  if (!Array.isArray(x)) throw new DendriteError('DATA', `${where}: x must be texts, got ${typeof x}.`);
  return x.map((text) => String(text).split(',').map(Number));
};
const make = (): TextModel =>
  adaptModel<TextModel, number>({
    meta: { name: 'test/nearest-centroid', version: '1.0.0', api: 1 },
    capabilities: centroidCapabilities,
    config: null,
    inner: (batchSize) => nearestCentroid({ batchSize }),
    adaptation: {
      learn: (data, options) => {
        const { x, y } = data as { readonly x: unknown; readonly y: readonly string[] };
        return { learned: 2, data: { x: numbers(x, 'fit()'), y }, options };
      },
      data: (_learned, data) => data as never,
      inputs: (_learned, x, where) => numbers(x, where),
      read: (config) => Number((config as { readonly batchSize?: number }).batchSize),
      members: (_learned, inner) => ({
        shout: async (x: unknown) => (await inner.predict(numbers(x, 'shout()'))).map((each) => `${String(each)}!`),
      }),
    },
  });
const data = { x: ['0,0', '9,9', '1,0', '8,9'], y: ['low', 'high', 'low', 'high'] };

test('data, inputs and members are adapted, also on a restored model', async () => {
  const fitted = await make().fit(data);
  const restored = await make().restore(await fitted.save());
  for (const each of [fitted, restored]) {
    expect(await each.predict(['1,1', '7,8'])).toEqual(['low', 'high']);
    expect((await each.predictProbabilities(['1,1'])).shape).toEqual([1, 2]);
    expect(await each.shout(['9,7'])).toEqual(['high!']);
  }
});

test('what is wrong with the data is told through the result', async () => {
  await expect(make().fit({ x: 3 as never, y: [] })).rejects.toThrow('fit(): x must be texts, got number.');
  const run = make().run({ x: null, y: [] });
  await expect(run.result).rejects.toThrow('x must be texts, got object.');
});

test('a file of another model is refused by both names', async () => {
  const saved = await (await make().fit(data)).save();
  const other = { ...saved, header: { ...saved.header, model: { ...saved.header.model, name: 'test/other' } } };
  const caught: unknown = await make()
    .restore(other)
    .catch((error: unknown) => error);
  expect(isDendriteError(caught, 'FORMAT')).toBe(true);
  expect(String(caught)).toMatch(/a 'test\/nearest-centroid', got a 'test\/other'/);
});
