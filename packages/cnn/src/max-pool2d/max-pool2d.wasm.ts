/** Maximum of each window, four at a time. A unit of work is an image. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import type { WasmKernel } from '@dendrite/spec';
import { f32x4 } from '@dendrite/wasm-assembler';
import { largerOf } from '@dendrite/wasm-assembler/elementary';
import { poolKernel } from '../window/pool-kernel.ts';
import type { Tap } from '../window/wasm-pool.ts';

export const maxPool2dWasmKernel: WasmKernel = poolKernel(
  ['pooled', 'wide'],
  (f, _g, [y, x], { eachVector }) =>
    y &&
    x &&
    eachVector(y, ({ listed, taps, at, count }) => {
      const [first, ...rest] = listed ?? [];
      const best = f.let(first?.load(x) ?? f32x4.splat(Number.NEGATIVE_INFINITY));
      const join = ({ load }: Tap): void => best.set(largerOf(best, f.let(load(x))));
      if (listed) rest.forEach(join);
      else taps(join);
      storeLanes(f, at, best, count);
    }),
);
