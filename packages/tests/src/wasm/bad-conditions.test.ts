/** The WASM backend where something is missing: memory, WebAssembly itself, threads, time for compiling. */
import { spawnSync } from 'node:child_process';
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime, matmul, mul, sum, valueAndGrad } from '@dendrite/core';
import { classifier, dense, sequential } from '@dendrite/nn';
import { lstm, runSequence } from '@dendrite/rnn-lstm';
import { isDendriteError, type Tree } from '@dendrite/spec';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
});

test('memory exhausted: an error with bytes asked, in use and allowed; the model stays usable', async () => {
  const runtime = await createRuntime({ backends: [wasm({ memoryLimit: 8 * 2 ** 20 })] });
  const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(i), i % 3]);
  const y = x.map((_, i) => i % 2);
  const model = await classifier(sequential(dense(8), dense(2))).fit({ x, y }, { epochs: 2, runtime });
  const before = await model.predict(x);
  const memory = runtime.device.memory();
  let thrown: unknown;
  try {
    runtime.scope(() => {
      const wide = runtime.tensor(new Float32Array(1000), [1000, 1]);
      matmul(wide, runtime.tensor(new Float32Array(3000), [1, 3000]));
    });
  } catch (error) {
    thrown = error;
  }
  expect(isDendriteError(thrown, 'BACKEND') && thrown.message).toMatch(
    /^wasm: memory must suffice, got a request for 12000000 bytes with \d+ live and \d+ kept for reuse \(a memory holds at most 8388608 bytes\)/,
  );
  expect(runtime.device.memory().live).toBe(memory.live);
  expect(await model.predict(x)).toEqual(before);
  const again = await classifier(sequential(dense(8), dense(2))).fit({ x, y }, { epochs: 2, runtime });
  expect(await again.predict(x)).toEqual(before);
  model.dispose();
  again.dispose();
  expect(runtime.device.memory().live).toBeLessThanOrEqual(memory.live);
  await runtime.dispose();
});

/** A program of its own; what it printed. */
function run(program: string): string {
  const args = ['--conditions=@dendrite/source', '--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return stdout.trim() + stderr.trim();
}

test('workers keep no process alive', { timeout: 60_000 }, () => {
  const printed = run(
    `const { wasm } = await import('@dendrite/backend-wasm');
     const { createRuntime, exp } = await import('@dendrite/core');
     const runtime = await createRuntime({ backends: [wasm({ threads: 3 })] });
     const y = exp(runtime.tensor(new Float32Array(1e6)));
     console.log(runtime.device.details, (await y.data())[999_999]);`,
  );
  expect(printed).toBe('relaxed SIMD, 3 threads 1');
});

test('a page that is not isolated, and one whose policy forbids WebAssembly, say what to send', async () => {
  vi.stubGlobal('crossOriginIsolated', false);
  const open = async (): Promise<string> => {
    const opened = await wasm({ threads: 4 }).open();
    if ('unavailable' in opened) return opened.unavailable;
    await opened.dispose();
    return opened.details;
  };
  expect(await open()).toBe(
    'relaxed SIMD, one thread (the page is not cross-origin isolated: send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)',
  );
  vi.unstubAllGlobals();
  vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse(): never {
    throw new WebAssembly.CompileError("violates the following Content Security directive: script-src 'self'");
  });
  expect(await open()).toMatch(
    /^WebAssembly may not be compiled here \(violates .*\); add 'wasm-unsafe-eval' to script-src/,
  );
});

test('sequences of any length: no kernel is compiled anew for each', async () => {
  const runtime = await createRuntime({ backends: [wasm({ threads: 1 })] });
  const layer = lstm(12);
  const { params } = layer.init(runtime.key(7), [3, 10, 5]);
  const step = (length: number): void =>
    runtime.scope(() => {
      const x = runtime.tensor(
        Float32Array.from({ length: 15 * length }, (_, i) => Math.sin(i)),
        [3, length, 5],
      );
      valueAndGrad((given: Tree) => {
        const { outputs } = runSequence(layer, given as typeof params, x);
        return sum(mul(outputs, outputs));
      })(params);
    });
  const compiled = vi.spyOn(WebAssembly, 'Module');
  for (const length of [8, 9, 10, 11]) step(length);
  const known = compiled.mock.calls.length;
  for (let length = 12; length < 40; length++) step(length);
  expect(known).toBeGreaterThan(3);
  expect(compiled.mock.calls.length - known).toBe(0);
  await runtime.dispose();
});
