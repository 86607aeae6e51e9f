/** Models run by onnxruntime, and its answers beside ours. */
import type { HostArray, Shape, Tensor } from '@dendrite/spec';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { expect } from 'vitest';

export interface Given {
  readonly data: HostArray;
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32' | 'uint8' | 'bool';
}
export interface Answer {
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
  readonly type: string;
}
export interface Opened {
  run(inputs: Readonly<Record<string, Given>>): Promise<Readonly<Record<string, Answer>>>;
  /** Its inputs, by name. */
  readonly inputs: readonly string[];
  close(): Promise<void>;
}

export async function opened(bytes: Uint8Array): Promise<Opened> {
  const session = await InferenceSession.create(bytes, {
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return {
    inputs: session.inputNames,
    async run(inputs) {
      const feeds = Object.entries(inputs).filter(([name]) => session.inputNames.includes(name));
      const found = await session.run(
        Object.fromEntries(feeds.map(([name, { data, shape, dtype }]) => [name, new OnnxTensor(dtype, data, shape)])),
      );
      return Object.fromEntries(
        Object.entries(found).map(([name, { data, dims, type }]) => [name, { data: data as Float32Array, dims, type }]),
      );
    },
    close: () => session.release(),
  };
}

/** The answer of a model that is asked once. */
export async function answered(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, Given>>,
): Promise<Readonly<Record<string, Answer>>> {
  const model = await opened(bytes);
  return model.run(inputs).finally(() => model.close());
}

/** Elements within 2e-5 of the largest; NaN and infinities are equal to themselves. */
export function close(found: ArrayLike<number> | undefined, expected: ArrayLike<number>, tolerance = 2e-5): void {
  expect(found?.length).toBe(expected.length);
  let largest = 1e-3;
  for (const each of Array.from(expected)) if (Number.isFinite(each)) largest = Math.max(largest, Math.abs(each));
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [Number(found?.[i]), expected[i] as number];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!(Math.abs(a - b) <= tolerance * largest)) throw new Error(`element ${i} must be ${b}, got ${a}`);
  }
}

export const given = (data: HostArray, shape: Shape, dtype: Given['dtype'] = 'float32'): Given => ({
  data,
  shape,
  dtype,
});
export const numbersOf = async (tensor: Tensor): Promise<ArrayLike<number>> => tensor.data(tensor.dtype);
