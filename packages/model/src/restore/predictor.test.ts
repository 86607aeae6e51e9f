/** A predictor against the fitted model it was saved from: the same answers, the same checks, nothing else. */
import type { SavedModel } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { probing } from './check-probe.ts';
import { type PredictorDefinition, restorePredictor } from './predictor.ts';

/** Says which of two halves of a line a number lies in: what is saved is the place between them. */
const capabilities = {
  task: 'classification',
  data: 'columns',
  probabilities: true,
  importance: false,
  outOfBag: false,
  parameters: false,
  resume: 'none',
} as const;
let disposed = 0;
const halves: PredictorDefinition<typeof capabilities> = {
  meta: { name: 'test/halves', version: '1.0.0', api: 1 },
  capabilities,
  config: { sides: 2 },
  tables: { missing: 'mask' },
  restore({ arrays }) {
    const middle = arrays.middle?.data[0] ?? 0;
    return {
      predict({ columns: [column] }) {
        const values = Array.from(column?.values ?? []);
        return {
          probabilities: Float32Array.from(values.flatMap((value) => (value < middle ? [0.75, 0.25] : [0, 1]))),
        };
      },
      save: () => ({ arrays: {} }),
      dispose() {
        disposed++;
      },
    };
  },
};
const saved = (probe: readonly number[] = [0.75, 0.25, 0, 1]): SavedModel => ({
  header: {
    format: 'dendrite',
    version: 1,
    model: halves.meta,
    config: halves.config,
    task: 'classification',
    labels: ['low', 'high'],
    preprocessing: { kind: 'table', columns: [{ name: 'size', kind: 'number' }] },
    seed: 0,
    data: '',
    packages: {},
    extra: null,
    probe: { tolerance: 1e-6 },
  },
  arrays: {
    middle: { dtype: 'float64', shape: [1], data: Float64Array.of(5) },
    'probe.input': { dtype: 'float64', shape: [2, 1], data: Float64Array.of(1, 9) },
    'probe.output': { dtype: 'float32', shape: [2, 2], data: Float32Array.from(probe) },
  },
});

test('answers, with labels and probabilities, for rows of any form', async () => {
  const model = await restorePredictor(halves, saved(), { labels: ['high', 'low'] });
  expect(await model.predict([{ size: 7 }, { size: 2 }])).toEqual(['high', 'low']);
  expect(model.labels).toEqual(['low', 'high']);
  const { data, shape } = await model.predictProbabilities([{ size: 2 }]);
  expect([...data, ...shape]).toEqual([0.75, 0.25, 1, 2]);
  expect(await model.predict([])).toEqual([]);
  expect(Object.keys(model).sort()).toEqual(['dispose', 'labels', 'predict', 'predictProbabilities']);
  const before = disposed;
  model.dispose();
  expect(disposed).toBe(before + 1);
});

test('refuses what the fitted model refuses', async () => {
  const model = await restorePredictor(halves, saved());
  await expect(model.predict([{ size: 'big' }])).rejects.toThrow("column 'size' must hold numbers");
  await expect(model.predict([{ length: 1 }])).rejects.toThrow("a column 'size'");
  await expect(model.predict([{ size: 1 }], { signal: AbortSignal.abort() })).rejects.toThrow('stopped by its signal');
  await expect(restorePredictor(halves, saved(), { labels: ['up'] })).rejects.toThrow('labels must be those');
  await expect(restorePredictor({ ...halves, config: { sides: 3 } }, saved())).rejects.toThrow(
    'the config in the file',
  );
  const before = disposed;
  const other = saved([0.5, 0.5, 0, 1]);
  await expect(restorePredictor(halves, other, { probing })).rejects.toThrow('answer its probe');
  expect(await (await restorePredictor(halves, other)).predict([{ size: 1 }])).toHaveLength(1);
  expect(disposed).toBe(before + 1);
});
