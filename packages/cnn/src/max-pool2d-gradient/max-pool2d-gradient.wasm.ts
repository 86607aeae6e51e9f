/** Each window's cotangent to its first largest element (its first NaN, where there is one). A unit of work is an image. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { WasmKernel } from '@dendrite/spec';
import { f32x4, v128 } from '@dendrite/wasm-assembler';
import { acceptsPool, imageWork, pooledBytes, poolModule, wasmPool, wideBytes } from '../window/wasm-pool.ts';

export const maxPool2dGradientWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsPool,
  specialize: ({ inputs: [x, dy], attributes }) => wasmPool(x?.shape ?? [], dy?.shape ?? [], attributes),
  phases: [{ entry: 'run', units: ({ inputs: [x] }) => x?.shape[0] ?? 0, work: imageWork }],
  emit: (constants) =>
    poolModule(constants, 3, (f, g, addresses, eachVector, image) => {
      const [dx = image, x = image, dy = image] = addresses;
      const to = f.let(dx.add(image.mul(wideBytes(g))));
      const from = f.let(x.add(image.mul(wideBytes(g))));
      const apart = f.let(to.sub(from));
      f.memory.fill(to, 0, wideBytes(g));
      eachVector(dy.add(image.mul(pooledBytes(g))), ({ taps, at, count }) => {
        const best = f.let(f32x4.splat(Number.NEGATIVE_INFINITY));
        taps(from, (address, offset) => best.set(f32x4.max(best, v128.load(address, offset))));
        const open = f.let(v128.load(at));
        const noNumber = f.let(f32x4.ne(best, best));
        taps(from, (address, offset) => {
          const value = f.let(v128.load(address, offset));
          const wins = f.let(v128.or(f32x4.eq(value, best), v128.and(noNumber, f32x4.ne(value, value))));
          const target = f.let(address.add(apart));
          storeLanes(f, target, f.let(f32x4.add(v128.load(target, offset), v128.and(open, wins))), count, offset);
          // What has been given away is not given again.
          open.set(v128.andnot(open, wins));
        });
      });
    }),
};
