/** The WASM backend where something is missing: memory, WebAssembly itself, threads, time for compiling. */
import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime, matmul, mul, softmax, sum, valueAndGrad } from '@dendrite/core';
import { classifier, dense, sequential } from '@dendrite/nn';
import { lstm, runSequence } from '@dendrite/rnn-lstm';
import { isDendriteError, type Tensor, type Tree } from '@dendrite/spec';
import { afterEach, expect, test, vi } from 'vitest';
import { drawnDigits, lenetCourse } from '../lenet/lenet-losses.ts';

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
    /^wasm: memory must suffice, got a request for 12000000 bytes with \d+ live, \d+ kept for reuse and \d+ for scratch and tables \(a memory holds at most 8388608 bytes\)/,
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

test('a fit that memory does not suffice for is the same error, and leaves nothing behind', async () => {
  const runtime = await createRuntime({ backends: [wasm({ memoryLimit: 2 ** 21, threads: 1 })] });
  const x = Array.from({ length: 600 }, (_, i) => [Math.sin(i), i % 3]);
  const data = { x, y: x.map((_, i) => i % 2) };
  const { live } = runtime.device.memory();
  for (const [units, batchSize] of [
    [400, 600],
    [600, 8],
  ] as const)
    await expect(
      classifier(sequential(dense(units), dense(units), dense(2)), { batchSize }).fit(data, { epochs: 1, runtime }),
    ).rejects.toThrow(/^wasm: memory must suffice, got a request for \d+ bytes with \d+ live, .* 2097152 bytes\)/);
  expect(runtime.device.memory().live).toBe(live);
  const model = await classifier(sequential(dense(8), dense(2))).fit(data, { epochs: 1, runtime });
  expect(await model.predict(x)).toHaveLength(600);
  model.dispose();
  await runtime.dispose();
});

test('workers that die while LeNet-5 trains are replaced, and the losses are those of one thread', async () => {
  const workers: Worker[] = [];
  const threads = process.getBuiltinModule('node:worker_threads');
  vi.spyOn(threads, 'Worker').mockImplementation(function start(...given) {
    const worker = new Worker(...given);
    workers.push(worker);
    return worker;
  });
  // More threads than the machines that run this have cores.
  const runtime = await createRuntime({ backends: [wasm({ threads: 5, split: 'always' })] });
  expect(workers).toHaveLength(4);
  const digits = drawnDigits(32);
  const one = await createRuntime({ backends: [wasm({ threads: 1 })] });
  const course = { steps: 4, batch: 16 };
  const wanted = await lenetCourse(one, digits, course);
  const training = lenetCourse(runtime, digits, course);
  await Promise.all(workers.map((worker) => worker.terminate()));
  expect(await training).toEqual(wanted);
  await expect.poll(() => runtime.device.details).toBe('relaxed SIMD, 5 threads');
  expect(workers).toHaveLength(8);
  expect(await lenetCourse(runtime, digits, course)).toEqual(wanted);
  await runtime.dispose();
  await one.dispose();
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
  // What joins up to 16 tensors has a module for each number of them.
  for (let length = 8; length < 18; length++) step(length);
  const known = compiled.mock.calls.length;
  for (let length = 18; length < 40; length++) step(length);
  expect(known).toBeGreaterThan(3);
  expect(compiled.mock.calls.length - known).toBe(0);
  await runtime.dispose();
});

test('attention over sequences of any length: one kernel for all scores, until a length comes for the third time', async () => {
  const runtime = await createRuntime({ backends: [wasm({ threads: 1 })] });
  const step = (length: number): void =>
    runtime.scope(() => {
      const filled = (shift: number) =>
        runtime.tensor(
          Float32Array.from({ length: 2 * length * 6 }, (_, i) => Math.sin(i + shift)),
          [2, length, 6],
        );
      valueAndGrad(({ q, k, v }: { q: Tensor; k: Tensor; v: Tensor }) => {
        const weights = softmax(matmul(q, k, { transposeB: true }));
        const attended = matmul(weights, v);
        return sum(mul(attended, attended));
      })({ q: filled(0), k: filled(1), v: filled(2) });
    });
  const compiled = vi.spyOn(WebAssembly, 'Module');
  // Kernels of rows know how many of the last vector there are; and sums from 80 on may be four chains.
  for (const length of [8, 9, 10, 11, 81]) step(length);
  const known = compiled.mock.calls.length;
  for (let length = 12; length < 80; length++) step(length);
  for (let length = 82; length < 120; length++) step(length);
  expect(compiled.mock.calls.length - known).toBe(0);
  for (let turn = 0; turn < 3; turn++) step(8);
  expect(compiled.mock.calls.length - known).toBeGreaterThan(0);
  await runtime.dispose();
});

test('more lengths than modules may live: each is compiled once at most, and those that find no room go on without', async () => {
  const runtime = await createRuntime({ backends: [wasm({ threads: 1 })] });
  const compiled = vi.spyOn(WebAssembly, 'Module');
  const passes: number[] = [];
  for (let pass = 0; pass < 4; pass++) {
    const before = compiled.mock.calls.length;
    for (let length = 1; length <= 270; length++) {
      const row = Float32Array.from({ length }, (_, i) => i + 1);
      const y = matmul(
        runtime.tensor(row, [1, length]),
        runtime.tensor(new Float32Array(9 * length).fill(1), [length, 9]),
      );
      expect((await y.data())[8]).toBe((length * (length + 1)) / 2);
      y.dispose();
    }
    passes.push(compiled.mock.calls.length - before);
  }
  const [first = 0, second, third = 0, fourth] = passes;
  expect([first < 10, second, third > 200 && third <= 256, fourth], `${passes}`).toEqual([true, 0, true, 0]);
  await runtime.dispose();
});
