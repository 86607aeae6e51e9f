// Backends by the name that `--backend` takes.
import { tfjs } from '@dendrite/backend-tfjs';
import { wasm } from '@dendrite/backend-wasm';
import { cpu, createRuntime } from '@dendrite/core';
import type { Backend, Device, Runtime } from '@dendrite/spec';

const backends: Readonly<Record<string, (threads: number) => Backend>> = {
  cpu,
  wasm: (threads) => wasm({ threads }),
  'wasm-plain': (threads) => wasm({ relaxed: false, threads }),
  'tfjs-cpu': () => tfjs('cpu'),
  'tfjs-wasm': () => tfjs('wasm'),
  'tfjs-webgpu': () => tfjs('webgpu'),
};

/** A runtime on this backend and no other: a bench must not fall back. */
export async function openRuntime(name: string, threads = 1): Promise<Runtime> {
  return createRuntime({ backends: [backendNamed(name, threads)], fallback: false });
}

/** The device alone, for benches of single kernels. */
export async function openDevice(name: string, threads = 1): Promise<Device> {
  const device = await backendNamed(name, threads).open();
  if ('unavailable' in device) throw new Error(`bench: ${name} must open here: ${device.unavailable}.`);
  return device;
}

function backendNamed(name: string, threads: number): Backend {
  const make = backends[name];
  if (make === undefined)
    throw new Error(`bench: --backend must be one of ${Object.keys(backends).join(', ')}, got ${name}.`);
  return make(threads);
}
