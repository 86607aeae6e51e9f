/** Each window's cotangent, shared equally by its elements, four windows' at a time. A unit of work is an image. */
import type { WasmKernel } from '@dendrite/spec';
import { f32x4, v128 } from '@dendrite/wasm-assembler';
import { poolKernel } from '../window/pool-kernel.ts';
import { areApart, clearRest, shared } from '../window/wasm-pool.ts';

export const avgPool2dGradientWasmKernel: WasmKernel = poolKernel(
  ['wide', 'pooled'],
  (f, g, [to, dy], { eachVector, wideBytes }) => {
    if (!(to && dy)) return;
    clearRest(f, g, to, wideBytes);
    eachVector(dy, ({ taps, at, elements }) => {
      const share = f.let(shared(f, v128.load(at), elements));
      taps(({ load, store }) => store(to, areApart(g) ? share : f.let(f32x4.add(load(to), share))));
    });
  },
  true,
);
