/**
 * The common form: `dW[u, (v, c), d] += Σ window · dy`, a product for each filter row u whose sums run over an image's output
 * positions, a block of lines at a time, so that what they read stays near. Rows of the product are neighbours in memory.
 */
import {
  type Chunks,
  chunksOf,
  copyPanel,
  forEachChunk,
  type ProductTiles,
  productTiles,
} from '@dendrite/core/wasm-kernels';
import { constant, type FunctionBuilder, select, type Value } from '@dendrite/wasm-assembler';
import { held, type Length, times } from '../panels/length.ts';
import {
  clearBorder,
  groupIn,
  groupOut,
  paddedBytes,
  room,
  type Sizes,
  type WasmConvolution,
  windowRuns,
  withBorder,
} from '../panels/wasm-geometry.ts';
import type { FilterGradientForm } from './gradient-module.ts';

/** Filters from which on rows of dy fall on few lines of the nearest cache: then eight are copied together. */
const many = 24;
/** Output positions of a block of lines, about. */
const blockPositions = 256;

const isPacked = (g: WasmConvolution): boolean => g.filters >= many;
const panelAt = (g: WasmConvolution): number => room(paddedBytes(g), 1);

export const windowGradient: FilterGradientForm = {
  chains: 1,
  clear: clearBorder,
  threadScratch: (g) => panelAt(g) + (isPacked(g) ? 32 * g.outHeight * g.outWidth : 0) + 16,
  prepare(m, g, { relaxed }) {
    const anySize = g.anySize === 1;
    const columns = groupOut(g);
    const packed = isPacked(g);
    const dyStep = packed ? 32 : 4 * g.filters;
    const { length, runs } = windowRuns(g);
    const blocks = blocksOf(g);
    const widths = [columns >= 8 ? 8 : 0, columns % 8].filter((width) => width > 0);
    const heights = (width: number) => chunksOf(length, known(blocks.height).tallest(width));
    const sets = new Map<number, ProductTiles>();
    const known = (lines: number): ProductTiles => {
      const tiles =
        sets.get(lines) ??
        productTiles(m, {
          ...{ row: 4, step: 4 * g.strideX * g.channels },
          outer: anySize ? 'asked' : { count: lines, step: 4 * g.strideY * g.paddedWidth * g.channels },
          ...{ b: dyStep, c: 4 * g.filters, accumulate: true, relaxed, name: `Lines${lines}x` },
        });
      sets.set(lines, tiles);
      return tiles;
    };
    for (const lines of [blocks.height, blocks.shorter > 0 ? blocks.height - 1 : 0])
      for (const width of lines > 0 ? widths : [])
        for (const rows of [heights(width).height, heights(width).shorter > 0 ? heights(width).height - 1 : 0])
          if (rows > 0) known(lines).tile(rows, width);

    return (f, { x, dy, to, own, sizes }) => {
      const from = withBorder(f, g, sizes, x, own);
      const copied = f.let(own.add(room(paddedBytes(g, sizes), 1)));
      const line = held(f, times(sizes.paddedWidth, 4 * g.channels));
      const apart = held(f, times(line, g.strideY));
      f.loop(0, g.groups, (group) => {
        const groupFrom = f.let(from.add(group.mul(4 * groupIn(g))));
        const groupDy = f.let(dy.add(group.mul(4 * columns)));
        const groupTo = f.let(to.add(group.mul(4 * columns)));
        const panel = (j: Value<'i32'>, width: number): void => {
          const gradient = f.let(groupDy.add(j.shl(5)));
          if (packed) {
            const rows = times(sizes.outWidth, sizes.outHeight);
            copyPanel(f, { to: copied, from: gradient, rows, columns: width, fromStep: 4 * g.filters });
          }
          const first = packed ? copied : gradient;
          eachBlock(f, g, sizes, (i, parts) => {
            const b = f.let(first.add(i.mul(times(sizes.outWidth, dyStep))));
            f.loop(0, g.filterHeight, (u) => {
              const top = f.let(groupFrom.add(i.mul(apart)).add(u.mul(times(line, g.dilationY))));
              const target = f.let(groupTo.add(j.shl(5)).add(u.mul(4 * g.filterWidth * groupIn(g) * g.filters)));
              for (const [tap, run] of runs.entries()) {
                const c = f.let(target.add(tap * length * 4 * g.filters));
                forEachChunk(f, heights(width), (row, height) => {
                  const a = top.add(row.shl(2)).add(run);
                  const operands = { a, b, c: c.add(row.mul(4 * g.filters)), length: sizes.outWidth };
                  const tiles = known(typeof parts === 'number' ? parts : 1);
                  f.do(tiles.tile(height, width)({ ...operands, ...(anySize && { parts, apart }) }));
                });
              }
            });
          });
        };
        const whole = (columns - (columns % 8)) / 8;
        if (whole > 0) f.loop(0, whole, (j) => panel(j, 8));
        if (columns % 8 > 0) panel(f.local('i32', whole), columns % 8);
      });
    };
  },
};

/** Lines of an output, in blocks. Of images of any size there is one tile for all blocks. */
const blocksOf = ({ anySize, outHeight, outWidth }: WasmConvolution): Chunks =>
  anySize === 1
    ? { height: 1, full: 1, shorter: 0 }
    : chunksOf(outHeight, Math.max(1, Math.floor(blockPositions / Math.max(1, outWidth))));

/** `first`: a block's first line; `lines`: how many it has. */
function eachBlock(
  f: FunctionBuilder,
  g: WasmConvolution,
  { outHeight, outWidth }: Sizes,
  body: (first: Value<'i32'>, lines: Length) => void,
): void {
  if (typeof outHeight === 'number' || typeof outWidth === 'number') {
    forEachChunk(f, blocksOf(g), body);
    return;
  }
  const most = f.let(constant('i32', blockPositions).div_s(outWidth));
  f.if(most.eq(0), () => most.set(1));
  const first = f.local('i32');
  f.while(
    () => first.lt_s(outHeight),
    () => {
      const left = f.let(outHeight.sub(first));
      body(first, f.let(select(left.lt_s(most), left, most)));
      first.set(first.add(most));
    },
  );
}
