/**
 * The common form: a product of matrices without copying windows. In `[H, W, C]` a filter row's window is one run of memory (one for
 * each tap, with groups or dilation), so a window is a few runs, and neighbouring windows are overlapping rows of the first operand;
 * lanes run along the filters. Images that are padded are copied into a border of zeros first, many filters into panels. A unit of
 * work is an image.
 */
import { copyPanel, kernelModule, productTiles } from '@dendrite/core/wasm-kernels';
import type { WasmTarget } from '@dendrite/spec';
import type { Value, WasmModule } from '@dendrite/wasm-assembler';
import { isPacked, isWide, packedBytes, packedGroup, packFilters, suitsWide } from '../panels/filter-panels.ts';
import { held, times } from '../panels/length.ts';
import {
  clearBorder,
  eachTile,
  groupIn,
  groupOut,
  imageBytes,
  outputBytes,
  paddedBytes,
  parametersOf,
  sizesIn,
  tileHeights,
  type WasmConvolution,
  windowLength,
  windowRuns,
  withBorder,
} from '../panels/wasm-geometry.ts';
import { lookAtFilters, wideWindows } from './wide-windows.ts';

/** One way to convolve: entries `pack` and `run` take `convolutionOperands`; a unit of `run` is an image. */
export interface ConvolutionForm {
  scratch(g: WasmConvolution): number;
  threadScratch(g: WasmConvolution): number;
  packUnits(g: WasmConvolution): number;
  /** Pixels of a line that a tile takes at most. */
  tilePixels(g: WasmConvolution): number;
  emit(g: WasmConvolution, target: WasmTarget): Uint8Array<ArrayBuffer>;
}
export const convolutionOperands = ['begin', 'end', 'y', 'x', 'filters', 'scratch', 'own'] as const;

/** Filter rows whose part of the sum is unrolled: a loop's end costs as much as a few of its turns. */
const unrolledRows = 8;

export const windowProduct: ConvolutionForm = {
  scratch: (g) => (isPacked(g) ? packedBytes(g) : 0),
  threadScratch: (g) => paddedBytes(g) + 16,
  packUnits: (g) => (isPacked(g) ? 1 : 0),
  tilePixels: (g) => (groupOut(g) <= 4 ? 8 : 6),
  emit(g, { relaxed }) {
    const m = kernelModule();
    const [packed, wide] = [isPacked(g), isWide(g, relaxed)];
    m.function('pack', { parameters: parametersOf(g, convolutionOperands) }, (f, { filters, scratch }) => {
      if (packed)
        packFilters(f, g, { to: scratch, wide }, ({ first, count, ...to }) => {
          const from = { from: filters.add(first.shl(2)), fromStep: 4 * g.filters };
          copyPanel(f, { ...to, ...from, rows: windowLength(g), columns: count });
        });
      if (wide) lookAtFilters(f, g, { filters, scratch });
    });

    windowRun(m, g, { packed, relaxed });
    return m.toBytes();
  },
};

/** The entry `run`. `packed`: filters are read from `scratch`, in wide panels where these suit, else of eight columns; or as they lie. */
export function windowRun(
  m: WasmModule,
  g: WasmConvolution,
  { packed, relaxed }: { readonly packed: boolean; readonly relaxed: boolean },
): void {
  const anySize = g.anySize === 1;
  const row = 4 * g.strideX * g.channels;
  const columns = groupOut(g);
  const { length, runs } = windowRuns(g);
  /** Bytes from what one row of a filter sees to what the next one does. */
  const step = 4 * g.paddedWidth * g.dilationY * g.channels;
  const isShort = runs.length === 1 && g.filterHeight <= unrolledRows && !suitsWide(g, relaxed);
  const lines = Array.from({ length: g.filterHeight }, (_, u) => u * step);
  const sum = isShort
    ? { taps: anySize ? { count: g.filterHeight } : lines }
    : { taps: runs, outer: anySize ? ('asked' as const) : { count: g.filterHeight, step } };
  const tiles = productTiles(m, {
    ...{ row, step: 4, b: packed ? 32 : 4 * g.filters, c: 4 * g.filters },
    ...{ ...sum, length, relaxed },
  });
  const wide = isWide(g, relaxed) ? wideWindows(m, g) : undefined;
  const widths = wide ? [] : [columns >= 8 ? 8 : 0, columns % 8].filter((width) => width > 0);
  for (const width of widths) for (const height of tileHeights(g, tiles.tallest(width))) tiles.tile(height, width);

  const parameters = parametersOf(g, convolutionOperands);
  m.function('run', { parameters }, (f, { begin, end, y, x, filters, scratch, own, ...given }) => {
    const sizes = sizesIn(g, given);
    const line = times(sizes.paddedWidth, 4 * g.strideY * g.channels);
    const lineBytes = times(sizes.outWidth, 4 * g.filters);
    const apart = held(f, times(sizes.paddedWidth, 4 * g.dilationY * g.channels));
    const asked = anySize ? { parts: g.filterHeight, apart } : {};
    clearBorder(f, g, sizes, own);
    f.loop(begin, end, (image) => {
      const from = withBorder(f, g, sizes, f.let(x.add(image.mul(imageBytes(g, sizes)))), own);
      const to = f.let(y.add(image.mul(outputBytes(g, sizes))));
      if (wide) {
        wide(f, { from, to, scratch });
        return;
      }
      f.loop(0, g.groups, (group) => {
        const groupFrom = f.let(from.add(group.mul(4 * groupIn(g))));
        const groupTo = f.let(to.add(group.mul(4 * columns)));
        const first = f.let(packed ? scratch.add(group.mul(packedGroup(g))) : filters.add(group.mul(4 * columns)));
        const panel = (j: Value<'i32'>, width: number): void => {
          const b = f.let(first.add(j.mul(packed ? 32 * windowLength(g) : 32)));
          f.loop(0, sizes.outHeight, (i) => {
            const a = f.let(groupFrom.add(i.mul(line)));
            const c = f.let(groupTo.add(j.shl(5)).add(i.mul(lineBytes)));
            eachTile(f, g, sizes.outWidth, tiles.tallest(width), (at, height) => {
              const operands = { a: a.add(at.mul(row)), b, c: c.add(at.mul(4 * g.filters)), length };
              f.do(tiles.tile(height, width)({ ...operands, ...asked }));
            });
          });
        };
        const whole = (columns - (columns % 8)) / 8;
        if (whole > 0) f.loop(0, whole, (j) => panel(j, 8));
        if (columns % 8 > 0) panel(f.local('i32', whole), columns % 8);
      });
    });
  });
}

/** A filter of one pixel without stride or border does not see where lines end: then an image is one line. */
export function asOneLine(g: WasmConvolution): WasmConvolution {
  const single = g.filterHeight * g.filterWidth * g.strideY * g.strideX === 1;
  const pixels = g.height * g.width;
  if (!single || g.outHeight * g.outWidth !== pixels || g.paddedHeight * g.paddedWidth !== pixels) return g;
  const flat = { height: 1, outHeight: 1, paddedHeight: 1 };
  return { ...g, ...flat, width: pixels, outWidth: pixels, paddedWidth: pixels };
}
