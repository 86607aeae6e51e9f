/**
 * How `windowProduct` multiplies where there are many filters and arithmetic is fused: in tiles of 2 pixels by up to 24 filters. A panel
 * of so many filters is too long for the nearest cache, so one filter row comes after another, a long one in parts, and sums go on from
 * what is stored: each is one chain in the order row, tap, channel. So a filter row can leave out the lines through which it sees the
 * border alone, where all filters are finite: 0 · w is 0 then, and NaN otherwise.
 */
import {
  chunksOf,
  forEachChunk,
  panelRow,
  placesOf,
  productTiles,
  widePanels,
  wideTile,
} from '@dendrite/core/wasm-kernels';
import { type FunctionBuilder, i32, select, type Value, type WasmModule } from '@dendrite/wasm-assembler';
import { allFinite } from '../panels/all-finite.ts';
import { packedBytes } from '../panels/filter-panels.ts';
import { eachTile, tileHeights, type WasmConvolution, windowLength, windowRuns } from '../panels/wasm-geometry.ts';

type Int = Value<'i32'>;

/** Elements of a filter row that are added before the next ones: what a panel has of them stays in the nearest cache. */
const longest = 256;

/** Where `scratch` says whether all filters are finite: behind their panels. */
const finiteAt = (g: WasmConvolution): number => packedBytes(g) - 16;

/** Looks whether lines may be left out. */
export function lookAtFilters(
  f: FunctionBuilder,
  g: WasmConvolution,
  { filters, scratch }: { readonly filters: Int; readonly scratch: Int },
): void {
  if (leavesOut(g)) f.i32.store(scratch, allFinite(f, filters, windowLength(g) * g.filters), finiteAt(g));
}

/** Writes the tiles that it needs and gives what convolves an image that has its border. */
export function wideWindows(
  m: WasmModule,
  g: WasmConvolution,
): (f: FunctionBuilder, at: { readonly from: Int; readonly to: Int; readonly scratch: Int }) => void {
  const { length } = windowRuns(g);
  const parts = chunksOf(length, longest);
  const { rows: pixels } = wideTile(true);
  const isOne = g.filterHeight === 1 && parts.height === length;
  const [line, row] = [4 * g.paddedWidth * g.channels, 4 * g.strideX * g.channels];
  const pixel = 4 * g.filters;
  const panels = placesOf(widePanels(g.filters)).map((panel) => {
    const bRow = panelRow(panel.columns);
    const tiles = productTiles(m, {
      ...{ row, step: 4, b: bRow, c: pixel, relaxed: true, name: `Wide${bRow}x` },
      ...(parts.height === length && { length }),
      accumulate: !isOne && 'asked',
    });
    for (const height of tileHeights(g, pixels)) tiles.tile(height, panel.columns);
    return { ...panel, bRow, tiles };
  });

  return (f, { from, to, scratch }) => {
    const finite = leavesOut(g) ? f.let(i32.load(scratch, finiteAt(g))) : undefined;
    for (const { columns, count, column, bytes, bRow, tiles } of panels)
      f.loop(0, count, (j) => {
        const panel = f.let(scratch.add(j.mul(bRow).add(bytes).mul(windowLength(g))));
        const target = f.let(to.add(j.mul(columns).add(column).shl(2)));
        f.loop(0, g.filterHeight, (u) => {
          const [first, last] = [f.local('i32', 0), f.local('i32', g.outHeight)];
          /** The line whose sums begin with this row, as those of all lines do with the first row; −1: none. */
          const fresh = f.local('i32', -1);
          if (finite)
            f.if(finite, () => {
              fresh.set(u.mul(-1).add(g.top));
              f.if(fresh.gt_s(0), () => first.set(fresh));
              const end = f.let(fresh.add(g.height));
              f.if(end.lt_s(last), () => last.set(end));
            });
          const window = f.let(from.add(u.mul(g.dilationY * line)));
          forEachChunk(f, parts, (k, some) => {
            const b = f.let(panel.add(u.mul(length).add(k).mul(bRow)));
            const part = f.let(window.add(k.shl(2)));
            f.loop(first, last, (i) => {
              const a = f.let(part.add(i.mul(g.strideY * line)));
              const c = f.let(target.add(i.mul(g.outWidth * pixel)));
              const more = f.let(k.or(select(u, i.sub(fresh), u)));
              eachTile(f, g, g.outWidth, pixels, (at, height) => {
                const operands = { a: a.add(at.mul(row)), b, c: c.add(at.mul(pixel)), length: some, more };
                f.do(tiles.tile(height, columns)(operands));
              });
            });
          });
        });
      });
  };
}

/** Whether there are lines through which a filter row sees the border alone, and none through which all rows do. */
const leavesOut = ({ filterHeight, strideY, dilationY, top, height, paddedHeight }: WasmConvolution): boolean =>
  strideY * dilationY === 1 &&
  paddedHeight > height &&
  top < filterHeight &&
  paddedHeight - height - top < filterHeight;
