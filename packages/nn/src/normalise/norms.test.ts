/** Group, instance and RMS norm and PReLU by hand, as one another's special cases, from files, and wrong uses. */
import { createRuntime } from '@dendrite/core';
import type { Layer, Runtime, Shape, Tensor } from '@dendrite/spec';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { groupNorm, instanceNorm, layerFromJson, layerJson, layerNorm, nnLayers, prelu, rmsNorm } from '../index.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime();
});
afterAll(() => runtime.dispose());
const near = (numbers: readonly number[]) => numbers.map((each) => expect.closeTo(each, 4));
const run = async (layer: Layer, data: readonly number[], shape: Shape): Promise<number[]> => {
  const key = runtime.key(0);
  const x: Tensor = runtime.tensor(Float32Array.from(data), shape);
  return [...(await layer.apply(layer.init(key, shape), x, { training: true, key })[0].data())];
};
const ramp = Array.from({ length: 48 }, (_, i) => Math.sin(3 * i) + i / 9);

test('by hand', async () => {
  expect(await run(rmsNorm(), [3, 4], [1, 2])).toEqual(near([3 / Math.sqrt(12.5), 4 / Math.sqrt(12.5)]));
  expect(await run(instanceNorm(), [1, 10, 3, 20], [1, 2, 2])).toEqual(near([-1, -1, 1, 1]));
  expect(await run(groupNorm({ groups: 2 }), [1, 3, 5, 9], [1, 4])).toEqual(near([-1, 1, -1, 1]));
  expect(await run(prelu(), [-4, 2, 0, -8], [2, 2])).toEqual([-1, 2, 0, -2]);
  expect(await run(prelu({ shared: true, initial: 0.5 }), [-4, 2], [2])).toEqual([-2, 2]);
});

test('a group a channel is instance norm; one group over rows is layer norm; an empty batch passes', async () => {
  expect(await run(groupNorm({ groups: 4 }), ramp, [2, 3, 2, 4])).toEqual(
    near(await run(instanceNorm(), ramp, [2, 3, 2, 4])),
  );
  expect(await run(groupNorm({ groups: 1 }), ramp, [12, 4])).toEqual(near(await run(layerNorm(), ramp, [12, 4])));
  expect(await run(layerNorm({ axes: 2 }), ramp, [4, 3, 4])).toEqual(near(await run(layerNorm(), ramp, [4, 12])));
  for (const layer of [groupNorm({ groups: 2 }), instanceNorm(), rmsNorm(), prelu()])
    expect(await run(layer, [], [0, 3, 4])).toEqual([]);
});

test.each([
  layerNorm({ axes: 2 }),
  rmsNorm({ epsilon: 1e-3 }),
  groupNorm({ groups: 2 }),
  instanceNorm(),
  prelu({ shared: true }),
])('a file rebuilds $name', (layer) => {
  const json = layerJson(layer);
  expect(layerJson(layerFromJson(JSON.parse(JSON.stringify(json)), [nnLayers]))).toEqual(json);
});

test.each<[() => unknown, string]>([
  [() => groupNorm({} as never), 'groupNorm(): groups must be given, got none. Write groupNorm({ groups: 8 }).'],
  [
    () => groupNorm({ groups: 3 }).init(runtime.key(0), [1, 4]),
    'groupNorm(): groups must divide the channels, got 3 for 4. Use a divisor of 4.',
  ],
  [
    () => instanceNorm().init(runtime.key(0), [2, 4]),
    'instanceNorm(): x must be [batch, positions…, channels], got [2, 4]. For rows of features use layerNorm().',
  ],
  [
    () => layerNorm({ axes: 3 }).init(runtime.key(0), [2, 4]),
    'layerNorm(): x must have 3 axes to normalise, got [2, 4].',
  ],
  [() => prelu({ initial: Number.NaN }), 'prelu(): initial must be a finite number, got NaN.'],
  [() => rmsNorm({ eps: 1 } as never), "rmsNorm(): options must be among epsilon, got 'eps'. Check the spelling."],
])('teaches by its error %#', (call, message) => {
  expect(call).toThrow(message);
});
