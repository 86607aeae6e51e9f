import type { SavedArray } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { readSafetensors } from './read-safetensors.ts';
import { writeSafetensors } from './write-safetensors.ts';

const arrays: Record<string, SavedArray> = {
  flag: { dtype: 'bool', shape: [2], data: new Uint8Array([1, 0]) },
  'b.weights': { dtype: 'float32', shape: [1, 2], data: new Float32Array([Number.NaN, -0]) },
  'a.weights': { dtype: 'float32', shape: [], data: new Float32Array([1]) },
  steps: { dtype: 'int32', shape: [1], data: new Int32Array([-5]) },
  double: { dtype: 'float64', shape: [1], data: new Float64Array([0.1]) },
  pixels: { dtype: 'uint8', shape: [3, 0], data: new Uint8Array(0) },
};

test('the bytes are those of the reference writer: compact JSON, widest first, then by name, padded to 8', () => {
  const bytes = writeSafetensors(arrays, { format: 'x' });
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  expect(length % 8).toBe(0);
  expect(text.trimEnd()).toBe(
    '{"__metadata__":{"format":"x"},"double":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},' +
      '"a.weights":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"b.weights":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]},' +
      '"steps":{"dtype":"I32","shape":[1],"data_offsets":[20,24]},"pixels":{"dtype":"U8","shape":[3,0],"data_offsets":[24,24]},' +
      '"flag":{"dtype":"BOOL","shape":[2],"data_offsets":[24,26]}}',
  );
  expect(bytes.length).toBe(8 + length + 26);
  expect([...bytes.subarray(8 + length)].slice(-6)).toEqual([251, 255, 255, 255, 1, 0]);
});

test('what is written is read, bit for bit, also from views into larger buffers', () => {
  const large = Float32Array.of(9, 1, -0, Number.NaN, 9);
  const view: SavedArray = { dtype: 'float32', shape: [3], data: large.subarray(1, 4) };
  const { arrays: back, metadata } = readSafetensors(writeSafetensors({ ...arrays, view }, { naïve: '"\\\n\u2028😀' }));
  expect(back).toEqual({ ...arrays, view: { ...view, data: Float32Array.of(1, -0, Number.NaN) } });
  expect(metadata).toEqual({ naïve: '"\\\n\u2028😀' });
});

test('the order in which arrays are named does not matter', () => {
  expect(writeSafetensors(Object.fromEntries(Object.entries(arrays).reverse()))).toEqual(writeSafetensors(arrays));
});

test('nothing at all is a file', () => {
  expect([...writeSafetensors({})]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d, 32, 32, 32, 32, 32, 32]);
});

describe('refuses', () => {
  const data = new Float32Array(2);
  test.each<[string, Record<string, SavedArray>, string]>([
    [
      'data that are not of the dtype',
      { a: { dtype: 'int32', shape: [2], data } },
      'array "a" must hold elements of its dtype int32, got a Float32Array',
    ],
    ['a bool of 2', { a: { dtype: 'bool', shape: [1], data: new Uint8Array([2]) } }, 'dtype bool (bytes 0 and 1)'],
    [
      'a wrong shape',
      { a: { dtype: 'float32', shape: [3], data } },
      'got shape [3] and 2 elements. Correct the shape.',
    ],
    ['a negative shape', { a: { dtype: 'float32', shape: [-1, -2], data } }, 'got shape [-1, -2] and 2 elements'],
    [
      'the name of the metadata',
      { __metadata__: { dtype: 'float32', shape: [2], data } },
      'must have a name that is not empty or reserved',
    ],
    ['no name', { '': { dtype: 'float32', shape: [2], data } }, 'must have a name that is not empty'],
    ['a name JavaScript reserves', { 'a.constructor': { dtype: 'float32', shape: [2], data } }, 'must have a name'],
  ])('%s', (_, wrong, message) => {
    expect(() => writeSafetensors(wrong)).toThrow(message);
  });

  test('metadata under a reserved name', () => {
    expect(() => writeSafetensors({}, { prototype: 'x' })).toThrow(
      'got string as "prototype". Write JSON.stringify(value)',
    );
  });
});

test('into given memory, where it is large enough: the same bytes', () => {
  const arrays = { a: { dtype: 'float32', shape: [3], data: new Float32Array([1, 2, 3]) } } as const;
  const plain = writeSafetensors(arrays, { b: 'c' });
  const memory = new Uint8Array(plain.length + 5).fill(255).buffer;
  const bytes = writeSafetensors(arrays, { b: 'c' }, { into: memory });
  expect(bytes.buffer).toBe(memory);
  expect(bytes).toEqual(plain);
  const small = new ArrayBuffer(plain.length - 1);
  expect(writeSafetensors(arrays, { b: 'c' }, { into: small }).buffer).not.toBe(small);
});
