/** Where cases are computed: a runtime, its widest float, and the way in and out. */
import { createRuntime } from '@dendrite/core';
import type { Backend, DType, HostTensor, Runtime, Tensor } from '@dendrite/spec';

export class Machine {
  readonly runtime: Runtime;
  readonly float: 'float32' | 'float64';

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    // On wasm float64 would run the JavaScript kernels, and the SIMD ones are what is asked about.
    this.float = runtime.name === 'cpu' ? 'float64' : 'float32';
  }

  /** A float tensor, or one of `dtype`. */
  tensor({ shape, data }: HostTensor, dtype: DType = this.float): Tensor {
    if (dtype === 'int32') return this.runtime.tensor(Int32Array.from(data), shape, dtype);
    return this.runtime.tensor(dtype === 'float64' ? Float64Array.from(data) : Float32Array.from(data), shape, dtype);
  }

  async host(tensor: Tensor): Promise<HostTensor> {
    return { shape: tensor.shape, data: await tensor.data(tensor.dtype) };
  }
}

export const backendNames = [
  'cpu',
  // Our own WASM, with relaxed SIMD or plain. Behind it the number of threads, which share all they can; one where there is none.
  'wasm',
  'wasm-2',
  'wasm-3',
  'wasm-plain',
  'wasm-plain-2',
  'wasm-plain-3',
  'tfjs-cpu',
  'tfjs-wasm',
  'tfjs-webgpu',
] as const;
export type BackendName = (typeof backendNames)[number];

export const isBackendName = (name: string): name is BackendName => backendNames.some((known) => known === name);

/** @throws Error  if the backend cannot run here, with its reason */
export async function openRuntime(name: BackendName): Promise<Runtime> {
  const backends: Backend[] = [];
  if (name.startsWith('wasm')) {
    const { wasm } = await import('@dendrite/backend-wasm');
    backends.push(wasm({ relaxed: !name.includes('plain'), threads: Number(/\d$/.exec(name) ?? 1), split: 'always' }));
  } else if (name !== 'cpu') {
    const { tfjs } = await import('@dendrite/backend-tfjs');
    backends.push(tfjs(name === 'tfjs-cpu' ? 'cpu' : name === 'tfjs-wasm' ? 'wasm' : 'webgpu'));
  }
  const runtime = await createRuntime({ backends });
  if (name !== 'cpu' && runtime.name === 'cpu') {
    const { choice } = runtime;
    await runtime.dispose();
    throw new Error(`${name} does not run here: ${choice[0]?.why ?? 'no reason given'}`);
  }
  return runtime;
}
