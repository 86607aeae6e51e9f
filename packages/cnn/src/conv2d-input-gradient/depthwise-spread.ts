/** The form for one filter a channel: lanes run along the channels; each tap's share is added where its pixel lay. */
import { kernelModule, multiplyAdd, storeLanes } from '@dendrite/core/wasm-kernels';
import { v128 } from '@dendrite/wasm-assembler';
import { eachFour } from '../panels/channel-vectors.ts';
import { held, times } from '../panels/length.ts';
import {
  imageBytes,
  isPadded,
  outputBytes,
  paddedBytes,
  parametersOf,
  sizesIn,
  withoutBorder,
} from '../panels/wasm-geometry.ts';
import { type InputGradientForm, inputGradientOperands } from './window-spread.ts';

export const depthwiseSpread: InputGradientForm = {
  scratch: () => 0,
  threadScratch: (g) => paddedBytes(g) + 16,
  turnUnits: () => 0,
  tilePixels: () => 0,
  emit(g, { relaxed }) {
    const m = kernelModule();
    const pixel = 4 * g.channels;
    const parameters = parametersOf(g, inputGradientOperands);
    m.function('turn', { parameters }, () => {});
    m.function('run', { parameters }, (f, { begin, end, dx, dy, filters, own, ...given }) => {
      const sizes = sizesIn(g, given);
      const line = held(f, times(sizes.paddedWidth, pixel));
      f.loop(begin, end, (image) => {
        const plain = f.let(dx.add(image.mul(imageBytes(g, sizes))));
        const to = isPadded(g) ? own : plain;
        f.memory.fill(to, 0, paddedBytes(g, sizes));
        const gradient = f.let(dy.add(image.mul(outputBytes(g, sizes))));
        f.loop(0, sizes.outHeight, (i) =>
          f.loop(0, g.filterHeight, (u) => {
            const top = f.let(to.add(i.mul(g.strideY).add(u.mul(g.dilationY)).mul(line)));
            f.loop(0, g.filterWidth, (v) => {
              const taps = f.let(filters.add(u.mul(g.filterWidth).add(v).mul(pixel)));
              eachFour(f, g.channels, (c, count) => {
                const weight = f.let(v128.load(taps.add(c)));
                const target = f.let(top.add(v.mul(g.dilationX * pixel)).add(c));
                const from = f.let(gradient.add(i.mul(times(sizes.outWidth, pixel))).add(c));
                f.loop(0, sizes.outWidth, () => {
                  const sum = f.let(multiplyAdd(v128.load(from), weight, v128.load(target), relaxed));
                  storeLanes(f, target, sum, count);
                  target.set(target.add(g.strideX * pixel));
                  from.set(from.add(pixel));
                });
              });
            });
          }),
        );
        withoutBorder(f, g, sizes, plain, own);
      });
    });
    return m.toBytes();
  },
};
