/** Maximum of each window, four at a time. A unit of work is an image. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { WasmKernel } from '@dendrite/spec';
import { f32x4 } from '@dendrite/wasm-assembler';
import { largerOf } from '@dendrite/wasm-assembler/elementary';
import { acceptsPool, imageWork, pooledBytes, poolModule, type Tap, wasmPool, wideBytes } from '../window/wasm-pool.ts';

export const maxPool2dWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsPool,
  specialize: ({ inputs: [x], outputs: [y], attributes }) => wasmPool(x?.shape ?? [], y?.shape ?? [], attributes),
  phases: [{ entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: imageWork }],
  emit: (constants) =>
    poolModule(constants, 2, (f, g, addresses, eachVector, image) => {
      const [y = image, x = image] = addresses;
      const from = f.let(x.add(image.mul(wideBytes(g))));
      eachVector(y.add(image.mul(pooledBytes(g))), ({ listed, taps, at, count }) => {
        const [first, ...rest] = listed ?? [];
        const best = f.let(first?.load(from) ?? f32x4.splat(Number.NEGATIVE_INFINITY));
        const join = ({ load }: Tap): void => best.set(largerOf(best, f.let(load(from))));
        if (listed) rest.forEach(join);
        else taps(join);
        storeLanes(f, at, best, count);
      });
    }),
};
