import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openAdapter } from './open-adapter.ts';

const shader = `
  @group(0) @binding(0) var<storage, read> x: array<f32>;
  @group(0) @binding(1) var<storage, read_write> y: array<f32>;
  @compute @workgroup_size(64)
  fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x < arrayLength(&x)) { y[id.x] = 3.0 * x[id.x] + f32(id.x); }
  }`;

test('an adapter opens in plain Node and a compute shader gives the right numbers', async () => {
  const { gpu, adapter } = await openAdapter();
  const device = await adapter.requestDevice();
  const x = new Float32Array([1.5, -2, 0, Number.POSITIVE_INFINITY, 1e-3]);
  const storage = GPUBufferUsage.STORAGE;
  const input = device.createBuffer({ size: x.byteLength, usage: storage | GPUBufferUsage.COPY_DST });
  const output = device.createBuffer({ size: x.byteLength, usage: storage | GPUBufferUsage.COPY_SRC });
  const readback = device.createBuffer({
    size: x.byteLength,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(input, 0, x);

  const module = device.createShaderModule({ code: shader });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const entries = [input, output].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(output, 0, readback, 0, x.byteLength);
  device.queue.submit([encoder.finish()]);

  await readback.mapAsync(GPUMapMode.READ);
  const y = Array.from(new Float32Array(readback.getMappedRange()));
  expect(y).toEqual(Array.from(x, (value, index) => Math.fround(Math.fround(3 * value) + index)));
  expect(gpu).toBeDefined();
  device.destroy();
});

// On macOS Metal is always there, so nothing can be missing.
test.runIf(process.platform === 'linux')('a missing driver is an error that names the library', () => {
  const script = `import { openAdapter } from ${JSON.stringify(new URL('./open-adapter.ts', import.meta.url).href)};
    await openAdapter().catch((error) => console.log(error.message));`;
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: '',
    VK_DRIVER_FILES: '/nowhere.json',
    VK_ICD_FILENAMES: '/nowhere.json',
  };
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(printed).toMatch(/openAdapter\(\): WebGPU must find a Vulkan driver, libvulkan\.so\.1, got none/);
});
