/** Each window's cotangent, shared equally by its elements, four channels at a time. A unit of work is an image. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { WasmKernel } from '@dendrite/spec';
import { f32, f32x4, v128 } from '@dendrite/wasm-assembler';
import { acceptsPool, imageWork, pooledBytes, poolModule, wasmPool, wideBytes } from '../window/wasm-pool.ts';

export const avgPool2dGradientWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsPool,
  specialize: ({ inputs: [dy], outputs: [x], attributes }) => wasmPool(x?.shape ?? [], dy?.shape ?? [], attributes),
  phases: [{ entry: 'run', units: ({ inputs: [dy] }) => dy?.shape[0] ?? 0, work: imageWork }],
  emit: (constants) =>
    poolModule(constants, 2, (f, g, addresses, eachVector, image) => {
      const [dx = image, dy = image] = addresses;
      const to = f.let(dx.add(image.mul(wideBytes(g))));
      f.memory.fill(to, 0, wideBytes(g));
      eachVector(dy.add(image.mul(pooledBytes(g))), ({ taps, at, count, elements }) => {
        const all = typeof elements === 'number' ? f32x4.splat(elements) : f32x4.splat(f32.convert_i32_s(elements));
        const share = f.let(f32x4.div(v128.load(at), all));
        taps(to, (address, offset) =>
          storeLanes(f, address, f.let(f32x4.add(v128.load(address, offset), share)), count, offset),
        );
      });
    }),
};
