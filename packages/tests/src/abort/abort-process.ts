// Aborts a run in every phase, and must end without being told to: whatever is left open would keep it alive.
import { setTimeout as wait } from 'node:timers/promises';
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { abortPhases } from './abort-phases.ts';

const runtime = await createRuntime({ backends: [wasm({ threads: 2 })] });
let aborted = 0;
for (const { name, run } of abortPhases) {
  const error: unknown = await run(runtime, new AbortController()).then(
    () => 'nothing',
    (caught: unknown) => caught,
  );
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ABORTED') aborted++;
  else console.error(`${name}: must end with ABORTED, got ${String(error)}`);
}
await runtime.dispose();
// Workers that stand ready are let go of within a turn.
await wait(20);
const open = process.getActiveResourcesInfo().filter((kind) => !['PipeWrap', 'TTYWrap', 'FSReqPromise'].includes(kind));
console.log(`${aborted} aborted, waiting for ${open.length === 0 ? 'nothing' : open.join(', ')}`);
