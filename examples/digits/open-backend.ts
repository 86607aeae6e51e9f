/** The backend that was asked for, or the best that works here. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { tfjs } from '@dendrite/backend-tfjs';
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { type Backend, DendriteError, type Runtime } from '@dendrite/spec';
import type { BackendName } from './plan.ts';

const asked: Readonly<Record<BackendName, () => readonly Backend[]>> = {
  cpu: () => [],
  wasm: () => [wasm()],
  'tfjs-wasm': () => [tfjs('wasm')],
  'tfjs-webgpu': () => [tfjs('webgpu')],
};

/**
 * Opens a backend. Without a name: WebGPU on a real adapter, else WASM, else the CPU.
 * @throws BACKEND  if the one asked for does not work here, with the reason.
 */
export async function openBackend(name: BackendName | undefined): Promise<Runtime> {
  if (name === undefined) return createRuntime({ backends: [tfjs('webgpu'), wasm(), tfjs('wasm')] });
  const runtime = await createRuntime({ backends: asked[name]() });
  if (runtime.name === name) return runtime;
  const why = runtime.choice.find((choice) => !choice.taken)?.why ?? 'it did not open';
  await runtime.dispose();
  throw new DendriteError('BACKEND', `npm start: --backend ${name} must work on this machine, and does not: ${why}`);
}

const marker = 'DENDRITE_WITH_WEBGPU';

/**
 * Plain Node finds a WebGPU adapter only with the drivers named before it starts: a program that needs one is started
 * again, with a software adapter behind those of this machine. Returns false in the program that was started so.
 */
export function startedAgainWithWebgpu(): boolean {
  if (process.env[marker] !== undefined) return false;
  const tool = join(import.meta.dirname, '..', '..', 'tools', 'webgpu', 'with-webgpu.ts');
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status, error } = spawnSync(process.execPath, [tool, ...command], {
    stdio: 'inherit',
    env: { ...process.env, [marker]: '1' },
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
  return true;
}
