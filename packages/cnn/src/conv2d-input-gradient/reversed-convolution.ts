/**
 * The form for filters that hardly reach over the border: without stride, an input gradient is the convolution of the cotangent with
 * the filters turned around and their channels swapped. The border of zeros that this needs is multiplied too, so it pays only where
 * images are not smaller than the cotangent's windows, and where channels fill vectors.
 */
import { kernelModule, turnPanel } from '@dendrite/core/wasm-kernels';
import { lookAtFilters } from '../conv2d/wide-windows.ts';
import { windowRun } from '../conv2d/window-product.ts';
import { isWide, packedBytes, packFilters } from '../panels/filter-panels.ts';
import { paddedBytes, parametersOf, type WasmConvolution } from '../panels/wasm-geometry.ts';
import { type InputGradientForm, inputGradientOperands } from './window-spread.ts';

/** Products with zeros that are worth it: so many times the useful ones at most. */
const mostWaste = 1.05;

export const suitsReversed = (g: WasmConvolution): boolean =>
  g.groups === 1 &&
  g.strideX * g.strideY === 1 &&
  g.channels % 8 === 0 &&
  g.height * g.width <= mostWaste * g.outHeight * g.outWidth &&
  (g.filterHeight - 1) * g.dilationY >= g.top &&
  (g.filterWidth - 1) * g.dilationX >= g.left;

/** The convolution whose images are cotangents. Of images of any size it is what `emit` is given. */
export function reversed(g: WasmConvolution): WasmConvolution {
  const [reachY, reachX] = [(g.filterHeight - 1) * g.dilationY, (g.filterWidth - 1) * g.dilationX];
  return {
    ...g,
    ...{ height: g.outHeight, width: g.outWidth, channels: g.filters },
    ...{ outHeight: g.height, outWidth: g.width, filters: g.channels },
    ...{ top: reachY - g.top, left: reachX - g.left },
    paddedHeight: Math.max(reachY - g.top + g.outHeight, g.height + reachY),
    paddedWidth: Math.max(reachX - g.left + g.outWidth, g.width + reachX),
  };
}

export const reversedConvolution: InputGradientForm = {
  scratch: (g) => packedBytes(reversed(g)),
  threadScratch: (g) => paddedBytes(reversed(g)) + 16,
  turnUnits: () => 1,
  tilePixels: () => 6,
  emit(given, { relaxed }) {
    const m = kernelModule();
    const g = given.anySize === 1 ? given : reversed(given);
    const taps = g.filterHeight * g.filterWidth;
    const wide = isWide(g, relaxed);
    m.function('turn', { parameters: parametersOf(g, inputGradientOperands) }, (f, { filters, scratch }) => {
      packFilters(f, g, { to: scratch, wide }, ({ to, first, count, toStep }) =>
        f.loop(0, taps, (tap) => {
          const row = tap.mul(-g.filters).add(first.add((taps - 1) * g.filters));
          const from = filters.add(row.mul(4 * g.channels));
          const part = to.add(tap.mul(g.channels * toStep));
          turnPanel(f, { to: part, from, length: f.local('i32', g.channels), width: count });
        }),
      );
      if (wide) lookAtFilters(f, g, { filters, scratch });
    });
    windowRun(m, g, { packed: true, relaxed });
    return m.toBytes();
  },
};
