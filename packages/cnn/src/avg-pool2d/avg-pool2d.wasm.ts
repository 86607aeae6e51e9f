/** Mean of each window, four channels at a time. A unit of work is an image. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { WasmKernel } from '@dendrite/spec';
import { f32, f32x4, v128 } from '@dendrite/wasm-assembler';
import { acceptsPool, imageWork, pooledBytes, poolModule, wasmPool, wideBytes } from '../window/wasm-pool.ts';

export const avgPool2dWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsPool,
  specialize: ({ inputs: [x], outputs: [y], attributes }) => wasmPool(x?.shape ?? [], y?.shape ?? [], attributes),
  phases: [{ entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: imageWork }],
  emit: (constants) =>
    poolModule(constants, 2, (f, g, addresses, eachVector, image) => {
      const [y = image, x = image] = addresses;
      const from = f.let(x.add(image.mul(wideBytes(g))));
      eachVector(y.add(image.mul(pooledBytes(g))), ({ taps, at, count, elements }) => {
        const sum = f.let(f32x4.splat(0));
        taps(from, (address, offset) => sum.set(f32x4.add(sum, v128.load(address, offset))));
        const share = typeof elements === 'number' ? f32x4.splat(elements) : f32x4.splat(f32.convert_i32_s(elements));
        storeLanes(f, at, f.let(f32x4.div(sum, share)), count);
      });
    }),
};
