import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { missing } from './backend-of.ts';
import { tfjsCpu } from './cpu.ts';
import { openWasm, openWebgpu, type TfjsCore } from './load/open-tfjs.ts';
import { tfjs } from './tfjs.ts';
import { tfjsWasm } from './wasm.ts';
import { tfjsWebgpu } from './webgpu.ts';

test('a backend is cheap to make, and a name', () => {
  expect(tfjs('wasm')).toMatchObject({ '~dendrite': 'backend', meta: { name: 'tfjs-wasm', api: 1 } });
});

test('another variant is refused by name', () => {
  const asked: string = 'webgl';
  expect(() => tfjs(asked as 'cpu')).toThrow("tfjs(): variant must be 'webgpu', 'wasm' or 'cpu', got webgl.");
});

test.each([
  ['cpu', tfjsCpu],
  ['wasm', tfjsWasm],
  ['webgpu', tfjsWebgpu],
] as const)('the subpath of %s opens the same device', async (variant, make) => {
  const device = await make().open();
  expect(device).toHaveProperty('name', `tfjs-${variant}`);
  if (!('unavailable' in device)) await device.dispose();
});

test('SwiftShader is told to be software', async () => {
  const device = await tfjs('webgpu').open();
  if ('unavailable' in device) throw new Error(device.unavailable);
  expect(device.software).toBe(/swiftshader|llvmpipe/i.test(device.details));
  await device.dispose();
});

test('a missing package is named, with what to install', () => {
  const error = new Error("Cannot find package '@tensorflow/tfjs-core' imported from /somewhere/x.js");
  expect(missing('wasm', error).unavailable).toBe(
    "tfjs-wasm needs two packages of TensorFlow.js, and importing them failed (Cannot find package '@tensorflow/tfjs-core'). Install them: npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0",
  );
});

describe('what cannot run here is said, not thrown', () => {
  const core = (simd: boolean, factory: TfjsCore['findBackendFactory']): TfjsCore => ({
    version_core: '4.22.0',
    getKernel: () => undefined,
    getKernelsForBackend: () => [],
    findBackendFactory: factory,
    engine: () => ({ registry: {} }),
    env: () => ({ getAsync: async () => simd }),
  });
  const wasm = { setWasmPaths: () => {}, setThreadsCount: () => {}, getThreadsCount: () => 1 };

  test('no SIMD', async () => {
    expect(
      await openWasm(
        core(false, () => null),
        wasm,
        {},
      ),
    ).toEqual({
      unavailable:
        'WebAssembly has no SIMD here, without which tfjs-wasm is no faster than cpu. Update the browser, or use cpu.',
    });
  });
  test('two copies of tfjs-core', async () => {
    expect(
      await openWasm(
        core(true, () => null),
        wasm,
        {},
      ),
    ).toMatchObject({ unavailable: expect.stringContaining('two copies of @tensorflow/tfjs-core may be installed') });
  });
  test('.wasm files that do not come', async () => {
    const fails = () => async () => Promise.reject({ message: 'Make sure the server can serve the `.wasm` file' });
    expect(await openWasm(core(true, fails), wasm, {})).toEqual({
      unavailable:
        "tfjs's .wasm files could not be loaded (Make sure the server can serve the `.wasm` file). Serve them and pass tfjs('wasm', { wasmPaths }).",
    });
  });

  let gpu: PropertyDescriptor | undefined;
  beforeEach(() => {
    gpu = Object.getOwnPropertyDescriptor(navigator, 'gpu');
  });
  afterEach(() => {
    if (gpu) Object.defineProperty(navigator, 'gpu', gpu);
  });
  test('no adapter', async () => {
    Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => null }, configurable: true });
    const webgpu = { WebGPUBackend: class {} };
    expect(
      await openWebgpu(
        core(true, () => null),
        webgpu,
      ),
    ).toMatchObject({ unavailable: expect.stringContaining('WebGPU finds no adapter') });
    expect(await tfjs('webgpu').open()).toMatchObject({
      unavailable: expect.stringContaining('WebGPU finds no adapter'),
    });
  });
});
