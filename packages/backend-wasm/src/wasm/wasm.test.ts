/** Opening: options, what a host lacks, and both kinds of SIMD. */
import { isDendriteError } from '@dendrite/spec';
import { expect, test, vi } from 'vitest';
import { wasm } from './wasm.ts';

test.each([
  { relaxed: 1 },
  { memoryLimit: 1000 },
  { memoryLimit: Number.NaN },
  { thread: 2 },
  { threads: 0 },
  { threads: 1.5 },
  { threads: 65 },
  { split: 'never' },
])('wrong options %o throw OPTION', (options) => {
  let thrown: unknown;
  try {
    wasm(options as object);
  } catch (error) {
    thrown = error;
  }
  expect(isDendriteError(thrown, 'OPTION')).toBe(true);
});

test('what was opened says which SIMD and how many threads it has', async () => {
  for (const [options, details] of [
    [{ relaxed: false, threads: 1 }, 'SIMD, one thread'],
    [{ relaxed: false, threads: 2 }, 'SIMD, 2 threads'],
    // More than any machine has cores.
    [{ threads: 64 }, 'relaxed SIMD, 64 threads'],
  ] as const) {
    const opened = await wasm(options).open();
    if ('unavailable' in opened) throw new Error(opened.unavailable);
    expect([opened.name, opened.details]).toEqual(['wasm', details]);
    await opened.dispose();
  }
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

test('where no memory can be set aside it declines with the bytes', async () => {
  const memory = vi.spyOn(WebAssembly, 'Memory').mockImplementation(function refuse(): never {
    throw new RangeError('could not allocate memory');
  });
  try {
    expect(await wasm({ memoryLimit: 2 ** 26 }).open()).toEqual({
      unavailable: expect.stringMatching(/could not set 67108864 bytes aside .*could not allocate.* memoryLimit$/),
    });
  } finally {
    memory.mockRestore();
  }
});

test('a disposed device throws DISPOSED', async () => {
  const device = await wasm().open();
  if ('unavailable' in device) throw new Error(device.unavailable);
  await device.dispose();
  expect(() => device.allocate(4)).toThrow('must be open');
});
