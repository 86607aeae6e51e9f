/** The form for one filter a channel: lanes run along the channels; a filter row's taps are summed at once. */
import { chunksOf, forEachChunk, multiplyAdd, storeLanes } from '@dendrite/core/wasm-kernels';
import { v128 } from '@dendrite/wasm-assembler';
import { eachFour } from '../panels/channel-vectors.ts';
import { held, times } from '../panels/length.ts';
import { clearBorder, paddedBytes, withBorder } from '../panels/wasm-geometry.ts';
import type { FilterGradientForm } from './gradient-module.ts';

/** Taps whose sums are in registers at a time. */
const tallest = 8;

export const depthwiseGradient: FilterGradientForm = {
  chains: 1,
  clear: clearBorder,
  threadScratch: (g) => paddedBytes(g) + 16,
  prepare(_, g, { relaxed }) {
    const pixel = 4 * g.channels;
    const tap = g.dilationX * pixel;
    return (f, { x, dy, to, own, sizes }) => {
      const line = held(f, times(sizes.paddedWidth, pixel));
      const from = withBorder(f, g, sizes, x, own);
      f.loop(0, g.filterHeight, (u) =>
        forEachChunk(f, chunksOf(g.filterWidth, tallest), (v, count) =>
          eachFour(f, g.channels, (c, lanes) => {
            const target = f.let(to.add(u.mul(g.filterWidth).add(v).mul(pixel)).add(c));
            const sums = Array.from({ length: count }, (_unused, t) => f.let(v128.load(target, t * pixel)));
            const top = f.let(
              from
                .add(u.mul(times(line, g.dilationY)))
                .add(v.mul(tap))
                .add(c),
            );
            const gradient = f.let(dy.add(c));
            f.loop(0, sizes.outHeight, () => {
              const at = f.let(top);
              f.loop(0, sizes.outWidth, () => {
                const right = f.let(v128.load(gradient));
                for (const [t, sum] of sums.entries())
                  sum.set(multiplyAdd(v128.load(at, t * tap), right, sum, relaxed));
                at.set(at.add(g.strideX * pixel));
                gradient.set(gradient.add(pixel));
              });
              top.set(top.add(times(line, g.strideY)));
            });
            for (const [t, sum] of sums.entries()) storeLanes(f, target, sum, lanes, t * pixel);
          }),
        ),
      );
    };
  },
};
