/** Files of a few hundred bytes whose config asks for gigabytes: refused before anything is taken. */
import { createRuntime, relu } from '@dendrite/core';
import { fromBytes, load, toBytes } from '@dendrite/model';
import type { Json, SavedModel } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { batchNorm, classifier, dense, flatten, nnLayers, sequential } from '../index.ts';

const runtime = await createRuntime();
const fitted = await classifier(sequential(flatten, dense(3), batchNorm(), relu, dense(2)), { epochs: 1 }).fit(
  { x: Array.from({ length: 8 }, (_, i) => [i, -i, i / 2]), y: Array.from({ length: 8 }, (_, i) => i % 2 === 0) },
  { seed: 1, runtime },
);
const saved = await fitted.save();

/** The file with another layer in its config. */
const withLayers = (...layers: readonly Json[]): Uint8Array => {
  const { header, arrays } = saved;
  const config = { ...(header.config as object), layer: { name: 'nn/sequential', config: { layers } } };
  const changed: SavedModel = { header: { ...header, config }, arrays };
  return toBytes(changed);
};
const layer = (name: string, config: Json): Json => ({ name, config });
const weights = { name: 'glorotUniform', config: null };

test('units without end are refused, whatever layer asks for them', async () => {
  const before = runtime.device.memory();
  for (const layers of [
    [layer('nn/dense', { units: 2 ** 40, bias: true, initializer: weights })],
    [layer('nn/dense', { units: 2 ** 42, bias: true, initializer: { name: 'orthogonal', config: { gain: 1 } } })],
    [
      layer('nn/dense', { units: 3e5, initializer: weights }),
      layer('nn/dense', { units: 3e5, initializer: { name: 'orthogonal', config: { gain: 1 } } }),
    ],
    [layer('nn/embedding', { vocabulary: 2 ** 33, size: 2 ** 10, initializer: weights }), { function: 'flatten' }],
  ]) {
    const error = await load(withLayers(...layers), { with: [nnLayers], runtime }).catch((thrown: unknown) => thrown);
    expect(error, String(error)).toMatchObject({ code: 'FORMAT' });
    expect(String(error)).toMatch(/maxBytes/);
  }
  expect(runtime.device.memory().buffers).toBe(before.buffers);
});

test('maxBytes draws the line, and what is right loads below it', async () => {
  const loaded = await load(toBytes(saved), { with: [nnLayers], runtime, maxBytes: 10_000 });
  expect(loaded.meta.name).toBe('nn/classifier');
  loaded.dispose();
  await expect(load(toBytes(saved), { with: [nnLayers], runtime, maxBytes: 0 })).resolves.toBeDefined();
  const wide = withLayers(layer('nn/dense', { units: 20_000, initializer: weights }));
  await expect(load(wide, { with: [nnLayers], runtime, maxBytes: 10_000 })).rejects.toMatchObject({ code: 'FORMAT' });
});

test('a layer that the file lacks arrays for is told by its array', async () => {
  const file = withLayers(layer('nn/dense', { units: 4, bias: true, initializer: weights }));
  await expect(load(file, { with: [nnLayers], runtime })).rejects.toThrow(
    "restore(): the file must have an array 'params.0.weight', got none. It is float32 [3, 4]",
  );
});

test('a config of another form than a factory wrote is damage, not a fault of ours', async () => {
  for (const config of [null, 7, [], { units: 'x' }, { units: null }, { units: 2, initializer: 5 }])
    await expect(load(withLayers(layer('nn/dense', config)), { with: [nnLayers], runtime })).rejects.toMatchObject({
      '~dendrite': 'error',
    });
  expect(fromBytes(toBytes(saved)).header.config).toEqual(saved.header.config);
});
