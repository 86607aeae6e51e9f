/** The form for one filter a channel: lanes run along the channels, four pixels at a time. A unit of work is an image. */
import { kernelModule, multiplyAdd, storeLanes } from '@dendrite/core/wasm-kernels';
import { f32x4, v128 } from '@dendrite/wasm-assembler';
import { eachFour } from '../panels/channel-vectors.ts';
import { held, times } from '../panels/length.ts';
import {
  clearBorder,
  eachTile,
  imageBytes,
  outputBytes,
  paddedBytes,
  parametersOf,
  sizesIn,
  withBorder,
} from '../panels/wasm-geometry.ts';
import { type ConvolutionForm, convolutionOperands } from './window-product.ts';

/** Pixels whose sums are in registers at a time. */
const tallest = 6;

export const depthwiseConvolution: ConvolutionForm = {
  scratch: () => 0,
  threadScratch: (g) => paddedBytes(g) + 16,
  packUnits: () => 0,
  tilePixels: () => tallest,
  emit(g, { relaxed }) {
    const m = kernelModule();
    const pixel = 4 * g.channels;
    const parameters = parametersOf(g, convolutionOperands);
    m.function('pack', { parameters }, () => {});
    m.function('run', { parameters }, (f, { begin, end, y, x, filters, own, ...given }) => {
      const sizes = sizesIn(g, given);
      const line = held(f, times(sizes.paddedWidth, pixel));
      clearBorder(f, g, sizes, own);
      f.loop(begin, end, (image) => {
        const from = withBorder(f, g, sizes, f.let(x.add(image.mul(imageBytes(g, sizes)))), own);
        const to = f.let(y.add(image.mul(outputBytes(g, sizes))));
        f.loop(0, sizes.outHeight, (i) =>
          eachTile(f, g, sizes.outWidth, tallest, (j, height) => {
            const first = f.let(from.add(i.mul(times(line, g.strideY))).add(j.mul(g.strideX * pixel)));
            const target = f.let(to.add(i.mul(times(sizes.outWidth, pixel))).add(j.mul(pixel)));
            eachFour(f, g.channels, (c, count) => {
              const sums = Array.from({ length: height }, () => f.let(f32x4.splat(0)));
              const [window, taps] = [f.let(first.add(c)), f.let(filters.add(c))];
              f.loop(0, g.filterHeight, () => {
                const at = f.let(window);
                f.loop(0, g.filterWidth, () => {
                  const weight = f.let(v128.load(taps));
                  for (const [r, sum] of sums.entries())
                    sum.set(multiplyAdd(v128.load(at, r * g.strideX * pixel), weight, sum, relaxed));
                  at.set(at.add(g.dilationX * pixel));
                  taps.set(taps.add(pixel));
                });
                window.set(window.add(times(line, g.dilationY)));
              });
              for (const [r, sum] of sums.entries()) storeLanes(f, target.add(c), sum, count, r * pixel);
            });
          }),
        );
      });
    });
    return m.toBytes();
  },
};
