/**
 * The form for 1 to 4 input channels: lanes run along an output row's pixels, because there are too few channels for long runs and
 * often too few filters to fill vectors. The image is copied channel by channel into its border; tiles are up to 6 filters by 8
 * pixels; a filter row's taps are unrolled, and sums are turned when they are stored. Rows of a filter that see the border alone are left out
 * where all filters are finite: 0 · w is 0 then, and NaN otherwise. A unit of work is an image.
 */
import {
  chunksOf,
  forEachChunk,
  integers,
  kernelModule,
  multiplyAdd,
  operandsFor,
  tallestOf,
  transposeFour,
} from '@dendrite/core/wasm-kernels';
import {
  type CallStatement,
  type FunctionBuilder,
  f32x4,
  type Local,
  type Operand,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { allFinite } from '../panels/all-finite.ts';
import { clearPlanes, planeBytes, planesWithBorder } from '../panels/image-planes.ts';
import { behind, held, times } from '../panels/length.ts';
import {
  eachTile,
  imageBytes,
  isRow,
  outputBytes,
  paddedBytes,
  parametersOf,
  sizesIn,
  type WasmConvolution,
  windowLength,
} from '../panels/wasm-geometry.ts';
import { type ConvolutionForm, convolutionOperands } from './window-product.ts';

/** Taps of a filter row that are unrolled at most. */
const unrolledTaps = 24;

/** Few channels, and either vectors of filters that are not full or runs that are short. */
export const suitsPixelLanes = (g: WasmConvolution): boolean =>
  // A row's filters lie along the lanes in any case: then its length may be an argument.
  !isRow(g) &&
  g.groups === 1 &&
  g.channels <= 4 &&
  g.strideX === 1 &&
  g.outWidth >= 4 &&
  g.filterWidth * g.channels <= unrolledTaps &&
  (g.filters % 8 !== 0 || g.filterWidth * g.channels < 8);

/** The last two where sizes are given: bytes of a channel's plane, and from one row of a filter to the next. */
const tileOperands = ['weights', 'pixels', 'rows', 'to', 'plane', 'line'] as const;
type TileOperand = (typeof tileOperands)[number];
type Tile = (operands: { readonly [K in TileOperand]?: Operand<'i32'> }) => CallStatement;

export const pixelLanes: ConvolutionForm = {
  scratch: () => 0,
  threadScratch: (g) => paddedBytes(g) + 32,
  packUnits: () => 0,
  tilePixels: (g) => (g.outWidth < 8 ? 4 : 8),
  emit(g, { relaxed }) {
    const m = kernelModule();
    const chunks = chunksOf(g.filters, tallestOf(relaxed));
    const widths = [g.outWidth >= 8 ? 8 : 0, g.outWidth % 8].filter((width) => width > 0);
    const tiles = new Map<string, Tile>();
    for (const width of widths)
      for (const height of [chunks.height, chunks.shorter > 0 ? chunks.height - 1 : 0])
        if (height > 0) tiles.set(`${height} ${width}`, tile(m, g, height, width, relaxed));

    const parameters = parametersOf(g, convolutionOperands);
    m.function('pack', { parameters }, () => {});
    m.function('run', { parameters }, (f, { begin, end, y, x, filters, own, ...given }) => {
      const sizes = sizesIn(g, given);
      const line = held(f, times(sizes.paddedWidth, 4));
      const asked = g.anySize === 1 ? { plane: planeBytes(sizes), line: times(line, g.dilationY) } : {};
      const seen = rowsSeen(f, g, filters);
      clearPlanes(f, g, sizes, own);
      f.loop(begin, end, (image) => {
        planesWithBorder(f, g, sizes, f.let(x.add(image.mul(imageBytes(g, sizes)))), own);
        const first = f.let(y.add(image.mul(outputBytes(g, sizes))));
        forEachChunk(f, chunks, (d, height) => {
          const ofChunk = f.let(filters.add(d.shl(2)));
          f.loop(0, sizes.outHeight, (i) => {
            const { first: u, count: rows } = seen(i);
            const weights = f.let(ofChunk.add(u.mul(4 * g.filterWidth * g.channels * g.filters)));
            const row = i.mul(g.strideY).add(u.mul(g.dilationY));
            const pixels = f.let(own.add(row.mul(line)));
            const to = f.let(first.add(i.mul(times(sizes.outWidth, 4 * g.filters))).add(d.shl(2)));
            const across = (at: Value<'i32'>, width: number): void => {
              const call = tiles.get(`${height} ${width}`);
              const place = { pixels: pixels.add(at.shl(2)), to: to.add(at.mul(4 * g.filters)) };
              if (call) f.do(call({ weights, rows, ...place, ...asked }));
            };
            if (typeof sizes.outWidth !== 'number') eachTile(f, g, sizes.outWidth, 8, across);
            else {
              const whole = g.outWidth - (g.outWidth % 8);
              if (whole > 0) f.loop(0, whole, 8, (j) => across(j, 8));
              if (whole < g.outWidth) across(f.local('i32', whole), g.outWidth - whole);
            }
          });
        });
      });
    });
    return m.toBytes();
  },
};

/** Which rows of a filter an output row needs: all, or those that see more than the border; of images of any size all. */
function rowsSeen(
  f: FunctionBuilder,
  g: WasmConvolution,
  filters: Value<'i32'>,
): (row: Value<'i32'>) => { readonly first: Local<'i32'>; readonly count: Local<'i32'> } {
  const finite = f.local('i32');
  const isCut = g.anySize === 0 && g.paddedHeight > g.height;
  if (isCut) finite.set(allFinite(f, filters, windowLength(g) * g.filters));
  return (row) => {
    const first = f.local('i32', 0);
    const last = f.local('i32', g.filterHeight);
    if (isCut)
      f.if(finite, () => {
        // Line of the image that the filter's first row sees.
        const line = f.let(row.mul(g.strideY).sub(g.top));
        const up = g.dilationY - 1;
        f.if(line.lt_s(0), () => first.set(line.mul(-1).add(up).div_s(g.dilationY)));
        const below = f.let(
          line
            .mul(-1)
            .add(g.height + up)
            .div_s(g.dilationY),
        );
        f.if(below.lt_s(last), () => last.set(below));
      });
    return { first, count: f.let(last.sub(first)) };
  };
}

/** `to[p, d] = Σ_u Σ_v Σ_c pixels[c, u, p + v] · weights[u, v, c, d]` for `height` filters and `width` pixels. */
function tile(m: WasmModule, g: WasmConvolution, height: number, width: number, relaxed: boolean): Tile {
  const vectors = Math.ceil(width / 4);
  const names: readonly TileOperand[] = g.anySize === 1 ? tileOperands : tileOperands.slice(0, 4);
  const written = m.function(
    `pixels${height}x${width}`,
    { parameters: integers(names), exported: false },
    (f, { weights, pixels, rows, to, ...asked }) => {
      const plane = g.anySize === 1 ? asked.plane : planeBytes(g);
      const sums = Array.from({ length: height }, () => Array.from({ length: vectors }, () => f.let(f32x4.splat(0))));
      f.loop(0, rows, () => {
        for (let v = 0; v < g.filterWidth; v++)
          for (let c = 0; c < g.channels; c++) {
            const [at, offset] = behind(f, pixels, times(plane, c));
            const first = offset + 4 * v * g.dilationX;
            const right = Array.from({ length: vectors }, (_, i) => f.let(v128.load(at, first + 16 * i)));
            for (const [d, own] of sums.entries()) {
              const left = f.let(v128.load32_splat(weights, 4 * ((v * g.channels + c) * g.filters + d)));
              for (const [i, sum] of own.entries()) sum.set(multiplyAdd(left, right[i] ?? left, sum, relaxed));
            }
          }
        weights.set(weights.add(4 * g.filterWidth * g.channels * g.filters));
        pixels.set(pixels.add(g.anySize === 1 ? asked.line : 4 * g.dilationY * g.paddedWidth));
      });
      for (let i = 0; i < vectors; i++)
        storeTurned(
          f,
          sums.flatMap((own) => own[i] ?? []),
          { to, at: 16 * g.filters * i, step: 4 * g.filters, pixels: Math.min(4, width - 4 * i) },
        );
    },
  );
  return (given) => written(operandsFor(names, given));
}

/** Sums of one vector of pixels, a vector for each filter, stored pixel by pixel. */
function storeTurned(
  f: FunctionBuilder,
  sums: readonly Local<'v128'>[],
  {
    to,
    at,
    step,
    pixels,
  }: { readonly to: Value<'i32'>; readonly at: number; readonly step: number; readonly pixels: number },
): void {
  let d = 0;
  for (; d + 4 <= sums.length; d += 4) {
    const [p, q, r, s] = sums.slice(d, d + 4);
    if (!p || !q || !r || !s) return;
    for (const [pixel, four] of transposeFour(f, [p, q, r, s]).slice(0, pixels).entries())
      f.v128.store(to, four, at + pixel * step + 4 * d);
  }
  if (d + 2 <= sums.length) {
    const [p, q] = sums.slice(d, d + 2);
    if (!p || !q) return;
    const pairs = transposeFour(f, [p, q, p, q]);
    for (const [pixel, two] of pairs.slice(0, pixels).entries()) {
      const here = f.let(two);
      f.v128.store64_lane(to, here, 0, at + pixel * step + 4 * d);
    }
    d += 2;
  }
  const last = sums[d];
  for (let pixel = 0; last && pixel < pixels; pixel++) f.v128.store32_lane(to, last, pixel, at + pixel * step + 4 * d);
}
