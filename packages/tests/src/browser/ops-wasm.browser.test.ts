/** The op kit on the WASM backend in a browser: in the page, on one thread; in a worker, on three. */
import { wasm } from '@dendrite/backend-wasm';
import { opConformance } from '@dendrite/conformance';
import { cpu, createRuntime } from '@dendrite/core';
import { expect, test } from 'vitest';
import { float32Failures } from '../kits/expected-failures.ts';
import { browserCases } from './browser-cases.ts';
import type { Found } from './ops-in-worker.ts';

test('all cases in the page, whose main thread may not wait', { timeout: 120_000 }, async () => {
  // First, so that the runtime loads the kernels of all these ops.
  const tables = await browserCases();
  const runtime = await createRuntime({ backends: [wasm({ threads: 4 })] });
  expect(runtime.device.details).toBe(
    'relaxed SIMD, one thread (the main thread of a page may not wait for others: use it in a worker for more)',
  );
  const reference = await createRuntime({ backends: [cpu()] });
  // Gradients are compared in the worker; differences in float64 would run no kernel of this backend.
  const parts = ['values', 'shared buffer', 'NaN', 'infinity'] as const;
  const cases = opConformance({ runtime, reference, parts, expectedFailures: float32Failures }, tables);
  expect(cases.length).toBeGreaterThan(1000);
  const failures: string[] = [];
  for (const each of cases) await each.run().catch((error: unknown) => failures.push(`${each.name}: ${String(error)}`));
  expect(failures).toEqual([]);
});

test('all cases in a worker, bit for bit as on one thread', { timeout: 120_000 }, async () => {
  const worker = new Worker(new URL('./ops-in-worker.ts', import.meta.url), { type: 'module' });
  const { details, cases, failures } = await new Promise<Found>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.terminate();
  expect(failures).toEqual([]);
  expect(details).toBe('relaxed SIMD, 3 threads');
  expect(cases).toBeGreaterThan(400);
});
