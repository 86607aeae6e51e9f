import '@tensorflow/tfjs-backend-cpu';
import type { DType, HostArray, HostArrays, NestedNumbers, Runtime, Shape, Tensor } from '@dendrite/spec';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { fromTfjs, toTfjs } from './convert-tensors.ts';

/** The least of a runtime: it remembers data. Core's own is above this package. */
const made: { data: HostArray; shape: Shape; dtype: DType }[] = [];
const tensorOf = (data: HostArray, shape: Shape, dtype: DType): Tensor =>
  ({ shape, dtype, data: async <D extends DType>(): Promise<HostArrays[D]> => data as HostArrays[D] }) as Tensor;
const runtime = {
  tensor: (data: NestedNumbers | HostArray | readonly boolean[], shape: Shape = [], dtype: DType = 'float32') => {
    made.push({ data: data as HostArray, shape, dtype });
    return tensorOf(data as HostArray, shape, dtype);
  },
} as Pick<Runtime, 'tensor'> as Runtime;

test('to tfjs, in each dtype', async () => {
  await tf.setBackend('cpu');
  Object.assign(tf.findBackend('cpu'), { firstUse: false }); // or it prints a banner
  const before = tf.memory().numTensors;
  const cases: [HostArray, Shape, DType, string][] = [
    [Float32Array.of(1.5, Number.NaN, -0, 4), [2, 2], 'float32', 'float32'],
    [Int32Array.of(2_147_483_647), [], 'int32', 'int32'],
    [Uint8Array.of(3, 255), [2], 'uint8', 'int32'],
    [Uint8Array.of(1, 0), [2, 1], 'bool', 'bool'],
    [Float32Array.of(), [0, 3], 'float32', 'float32'],
  ];
  for (const [data, shape, dtype, theirs] of cases) {
    const there = await toTfjs(tensorOf(data, shape, dtype), tf);
    expect(there.dtype).toBe(theirs);
    expect(there.shape).toEqual(shape);
    expect([...there.dataSync()]).toEqual([...data]);
    there.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
  await expect(toTfjs(tensorOf(new Float64Array(1), [1], 'float64'), tf)).rejects.toThrow(
    "toTfjs(): dtype must be one that tfjs has, got float64. Cast it: cast(x, 'float32').",
  );
});

test('from tfjs, as copies', async () => {
  await tf.setBackend('cpu');
  for (const [there, wanted] of [
    [tf.tensor2d([[1.5, Number.NaN]]), { data: Float32Array.of(1.5, Number.NaN), shape: [1, 2], dtype: 'float32' }],
    [tf.scalar(7, 'int32'), { data: Int32Array.of(7), shape: [], dtype: 'int32' }],
    [tf.tensor1d([1, 0], 'bool'), { data: Uint8Array.of(1, 0), shape: [2], dtype: 'bool' }],
  ] as const) {
    await fromTfjs(runtime, there);
    expect(made.at(-1)).toEqual(wanted);
    made.at(-1)?.data.fill(0);
    expect([...there.dataSync()]).toEqual([...wanted.data]);
    there.dispose();
  }
  await expect(fromTfjs(runtime, tf.tensor1d(['a']))).rejects.toThrow(
    'fromTfjs(): dtype must be float32, int32 or bool, got string. Convert it in tfjs first.',
  );
});
