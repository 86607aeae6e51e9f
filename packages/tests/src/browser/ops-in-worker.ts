/** A worker of the page, which may wait: all op cases on wasm with three threads, and on one for the bits. Posts what it found. */
import { wasm } from '@dendrite/backend-wasm';
import { opConformance } from '@dendrite/conformance';
import { cpu, createRuntime } from '@dendrite/core';
import { browserCases } from './browser-cases.ts';

export interface Found {
  readonly details: string;
  readonly cases: number;
  readonly failures: readonly string[];
}

async function run(): Promise<Found> {
  // First, so that the runtimes load the kernels of all these ops.
  const tables = await browserCases();
  const [runtime, one, reference] = [
    await createRuntime({ backends: [wasm({ threads: 3, split: 'always' })] }),
    await createRuntime({ backends: [wasm({ threads: 1 })] }),
    await createRuntime({ backends: [cpu()] }),
  ];
  const failures: string[] = [];
  const kit = { runtime, reference, alike: [one] };
  const cases = opConformance({ ...kit, parts: ['values', 'same bits'] }, tables);
  for (const each of cases) await each.run().catch((error: unknown) => failures.push(`${each.name}: ${String(error)}`));
  return { details: runtime.device.details, cases: cases.length, failures };
}

self.postMessage(await run().catch((error: unknown) => ({ details: '', cases: 0, failures: [String(error)] })));
