// Backends by the name that `--backend` takes.
import { tfjs } from '@dendrite/backend-tfjs';
import { wasm } from '@dendrite/backend-wasm';
import { cpu, createRuntime } from '@dendrite/core';
import type { Backend, Runtime } from '@dendrite/spec';

const backends: Readonly<Record<string, () => Backend>> = {
  cpu,
  wasm: () => wasm(),
  'tfjs-cpu': () => tfjs('cpu'),
  'tfjs-wasm': () => tfjs('wasm'),
  'tfjs-webgpu': () => tfjs('webgpu'),
};

/** A runtime on this backend and no other: a bench must not fall back. */
export async function openRuntime(name: string): Promise<Runtime> {
  const make = backends[name];
  if (make === undefined)
    throw new Error(`bench: --backend must be one of ${Object.keys(backends).join(', ')}, got ${name}.`);
  return createRuntime({ backends: [make()], fallback: false });
}
