/** Each window's cotangent, shared equally by its elements, four windows' at a time. A unit of work is an image. */
import type { WasmKernel } from '@dendrite/spec';
import { f32x4, v128 } from '@dendrite/wasm-assembler';
import {
  acceptsPool,
  areApart,
  clearRest,
  imageWork,
  pooledBytes,
  poolModule,
  shared,
  wasmPool,
  wideBytes,
} from '../window/wasm-pool.ts';

export const avgPool2dGradientWasmKernel: WasmKernel = {
  language: 'wasm',
  accepts: acceptsPool,
  specialize: ({ inputs: [dy], outputs: [x], attributes }) => wasmPool(x?.shape ?? [], dy?.shape ?? [], attributes),
  phases: [{ entry: 'run', units: ({ inputs: [dy] }) => dy?.shape[0] ?? 0, work: imageWork }],
  emit: (constants) =>
    poolModule(constants, 2, (f, g, addresses, eachVector, image) => {
      const [dx = image, dy = image] = addresses;
      const to = f.let(dx.add(image.mul(wideBytes(g))));
      clearRest(f, g, to);
      eachVector(dy.add(image.mul(pooledBytes(g))), ({ taps, at, elements }) => {
        const share = f.let(shared(f, v128.load(at), elements));
        taps(({ load, store }) => store(to, areApart(g) ? share : f.let(f32x4.add(load(to), share))));
      });
    }),
};
