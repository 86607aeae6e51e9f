/** A signal at any time ends a run with ABORTED, and leaves no tensor, no buffer, no listener, no worker at work and no handle. */
import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { fileURLToPath } from 'node:url';
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abortPhases } from './abort-phases.ts';

describe.each(['cpu', 'wasm'])('on %s', (name) => {
  let runtime: Awaited<ReturnType<typeof createRuntime>>;
  beforeAll(async () => {
    runtime = await createRuntime(name === 'wasm' ? { backends: [wasm({ threads: 2 })], fallback: false } : {});
  });
  afterAll(() => runtime.dispose());

  test.each(abortPhases.filter((phase) => name === 'cpu' || phase.name.startsWith('net')))('$name', async ({ run }) => {
    const before = runtime.live();
    const controller = new AbortController();
    await expect(run(runtime, controller)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(runtime.live()).toMatchObject({ tensors: before.tensors, buffers: before.buffers });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

test('a process that does all of it ends by itself, with no timer, file or worker that it waits for', () => {
  const program = fileURLToPath(new URL('abort-process.ts', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--conditions=@dendrite/source', program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  expect([status, stdout.trim().split('\n').at(-1)]).toEqual([0, `${abortPhases.length} aborted, waiting for nothing`]);
});
