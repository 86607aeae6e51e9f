/** Mean of each window, four at a time. A unit of work is an image. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { WasmKernel } from '@dendrite/spec';
import { f32x4 } from '@dendrite/wasm-assembler';
import { acceptsPool, imageWork, pooledBytes, poolModule, shared, wasmPool, wideBytes } from '../window/wasm-pool.ts';

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
        taps(({ load }) => sum.set(f32x4.add(sum, load(from))));
        storeLanes(f, at, f.let(shared(f, sum, elements)), count);
      });
    }),
};
