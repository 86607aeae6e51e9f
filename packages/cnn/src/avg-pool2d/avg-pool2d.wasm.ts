/** Mean of each window, four at a time. A unit of work is an image. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { WasmKernel } from '@dendrite/spec';
import { f32x4 } from '@dendrite/wasm-assembler';
import { poolKernel } from '../window/pool-kernel.ts';
import { shared } from '../window/wasm-pool.ts';

export const avgPool2dWasmKernel: WasmKernel = poolKernel(
  ['pooled', 'wide'],
  (f, _g, [y, x], { eachVector }) =>
    y &&
    x &&
    eachVector(y, ({ taps, at, count, elements }) => {
      const sum = f.let(f32x4.splat(0));
      taps(({ load }) => sum.set(f32x4.add(sum, load(x))));
      storeLanes(f, at, f.let(shared(f, sum, elements)), count);
    }),
);
