/** Opening: options, what a host lacks, and both kinds of SIMD. */
import { isDendriteError } from '@dendrite/spec';
import { expect, test, vi } from 'vitest';
import { wasm } from './wasm.ts';

test.each([{ relaxed: 1 }, { memoryLimit: 1000 }, { memoryLimit: Number.NaN }, { thread: 2 }])(
  'wrong options %o throw OPTION',
  (options) => {
    let thrown: unknown;
    try {
      wasm(options as object);
    } catch (error) {
      thrown = error;
    }
    expect(isDendriteError(thrown, 'OPTION')).toBe(true);
  },
);

test('what was opened says which SIMD it has', async () => {
  const plain = await wasm({ relaxed: false }).open();
  expect('unavailable' in plain ? plain.unavailable : plain.details).toBe('SIMD, one thread');
  const relaxed = await wasm().open();
  expect('unavailable' in relaxed ? relaxed.unavailable : relaxed.name).toBe('wasm');
});

test('without WebAssembly it declines in a sentence', async () => {
  // What `node --jitless` looks like from inside.
  vi.stubGlobal('WebAssembly', undefined);
  try {
    expect(await wasm().open()).toEqual({ unavailable: expect.stringContaining('no WebAssembly') });
  } finally {
    vi.unstubAllGlobals();
  }
});

test('a disposed device throws DISPOSED', async () => {
  const device = await wasm().open();
  if ('unavailable' in device) throw new Error(device.unavailable);
  await device.dispose();
  expect(() => device.allocate(4)).toThrow('must be open');
});
