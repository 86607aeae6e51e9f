import { DendriteError, isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';

test('an error of the contract is recognised by its code in a browser', () => {
  const error = new DendriteError('SHAPE', 'matmul(): inner dimensions must agree, got [2, 3] × [4, 5] (3 ≠ 4).');
  expect(isDendriteError(error, 'SHAPE')).toBe(true);
  expect(isDendriteError(error, 'DTYPE')).toBe(false);
  expect(isDendriteError(new Error('SHAPE'), 'SHAPE')).toBe(false);
});

test('the page is cross-origin isolated, so that memory can be shared with workers', () => {
  expect(globalThis.crossOriginIsolated).toBe(true);
  expect(new SharedArrayBuffer(8).byteLength).toBe(8);
});

test('WebGPU has an adapter', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter).not.toBeNull();
});
