/** Opening: options, what a host lacks, and both kinds of SIMD. */
import { type Call, isDendriteError, type WasmKernel } from '@dendrite/spec';
import { wasmModule } from '@dendrite/wasm-assembler';
import { expect, test, vi } from 'vitest';
import { wasm } from './wasm.ts';

/** What a program without types gives. */
const loose = <T>(given: unknown): T => given as T;

test.each<unknown>([
  { relaxed: 1 },
  { memoryLimit: 1000 },
  { memoryLimit: '2097152' },
  5,
  null,
  { memoryLimit: Number.NaN },
  { thread: 2 },
  { threads: 0 },
  { threads: 1.5 },
  { threads: 65 },
  { split: 'never' },
])('wrong options %o throw OPTION', (options) => {
  let thrown: unknown;
  try {
    wasm(loose(options));
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

test('a kernel that traps is an error that names its op', async () => {
  const device = await wasm({ threads: 1 }).open();
  if ('unavailable' in device) throw new Error(device.unavailable);
  const spec = { shape: [1], dtype: 'float32' } as const;
  const call: Call = { inputs: [], outputs: [spec], attributes: {} };
  const kernel: WasmKernel = {
    language: 'wasm',
    specialize: () => ({}),
    phases: [{ entry: 'run', units: () => 1 }],
    emit() {
      const m = wasmModule();
      m.importMemory('env', 'memory', { initial: 1 });
      m.function('run', { parameters: { begin: 'i32', end: 'i32', out: 'i32', scratch: 'i32' } }, (f) =>
        f.unreachable(),
      );
      return m.toBytes();
    },
  };
  const executable = device.prepare?.(kernel, call, 'acme/trap');
  const slot = { buffer: device.allocate(4), offset: 0, spec };
  if (executable === undefined) throw new Error('it must be prepared');
  expect(() => device.dispatch(executable, [slot], [], [])).toThrow(
    'acme/trap: its wasm kernel must finish, got RuntimeError: unreachable',
  );
  await device.dispose();
});

test('a disposed device throws DISPOSED', async () => {
  const device = await wasm().open();
  if ('unavailable' in device) throw new Error(device.unavailable);
  await device.dispose();
  expect(() => device.allocate(4)).toThrow('must be open');
});
