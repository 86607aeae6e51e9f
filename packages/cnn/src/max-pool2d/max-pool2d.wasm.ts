/** Maximum of each window, four channels at a time. A unit of work is an image. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { WasmKernel } from '@dendrite/spec';
import { f32x4, v128 } from '@dendrite/wasm-assembler';
import { acceptsPool, imageWork, pooledBytes, poolModule, wasmPool, wideBytes } from '../window/wasm-pool.ts';

export const maxPool2dWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsPool,
  specialize: ({ inputs: [x], outputs: [y], attributes }) => wasmPool(x?.shape ?? [], y?.shape ?? [], attributes),
  phases: [{ entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: imageWork }],
  emit: (constants) =>
    poolModule(constants, 2, (f, g, addresses, eachVector, image) => {
      const [y = image, x = image] = addresses;
      const from = f.let(x.add(image.mul(wideBytes(g))));
      eachVector(y.add(image.mul(pooledBytes(g))), ({ taps, at, count }) => {
        const best = f.let(f32x4.splat(Number.NEGATIVE_INFINITY));
        // max gives NaN where either is.
        taps(from, (address, offset) => best.set(f32x4.max(best, v128.load(address, offset))));
        storeLanes(f, at, best, count);
      });
    }),
};
