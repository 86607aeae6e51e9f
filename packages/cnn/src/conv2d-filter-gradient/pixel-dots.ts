/**
 * The form for 1 to 4 input channels and filters that do not fill vectors: lanes run along an output row's pixels, so each element of
 * the gradient is four chains. Image and cotangent are copied channel by channel first; tiles are up to 6 taps by 2 filters.
 */
import {
  chunksOf,
  forEachChunk,
  integers,
  loadLanes,
  multiplyAdd,
  operandsFor,
  tallestOf,
} from '@dendrite/core/wasm-kernels';
import {
  bytes,
  type CallStatement,
  type FunctionBuilder,
  i32x4,
  type Local,
  type Operand,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { allFinite } from '../panels/all-finite.ts';
import { clearPlanes, planeBytes, planesWithBorder, toPlanes } from '../panels/image-planes.ts';
import { behind, held, type Length, plus, times } from '../panels/length.ts';
import { isRow, paddedBytes, room, type Sizes, type WasmConvolution } from '../panels/wasm-geometry.ts';
import type { FilterGradientForm } from './gradient-module.ts';

/** Taps of a filter row that are unrolled at most, and vectors of pixels. */
const unrolledTaps = 24;
const unrolledVectors = 8;

export const suitsPixelDots = (g: WasmConvolution): boolean =>
  !isRow(g) &&
  g.groups === 1 &&
  g.channels <= 4 &&
  g.strideX === 1 &&
  g.outWidth >= 8 &&
  g.filterWidth * g.channels <= unrolledTaps &&
  g.filters % 8 !== 0;

/** Where the planes of dy begin, and bytes of one. */
const dyAt = (g: WasmConvolution, sizes: Sizes): Length => room(plus(paddedBytes(g, sizes), 16), 1);
const dyPlane = ({ outHeight, outWidth }: Sizes): Length => times(times(outHeight, outWidth), 4);

/** The last ones where sizes are given: bytes of a plane of x and of dy, from one line of x to the next, and pixels of a line. */
const tileOperands = ['x', 'dy', 'lines', 'to', 'plane', 'dyPlane', 'line', 'outWidth'] as const;
type TileOperand = (typeof tileOperands)[number];
type Tile = (operands: { readonly [K in TileOperand]?: Operand<'i32'> }) => CallStatement;

/** A tap: its channel, and bytes from there on in a row of the plane. */
interface Tap {
  readonly channel: number;
  readonly offset: number;
}

export const pixelDots: FilterGradientForm = {
  chains: 4,
  clear: clearPlanes,
  threadScratch: (g) => Number(dyAt(g, g)) + Number(dyPlane(g)) * g.filters + 32,
  prepare(m, g, { relaxed }) {
    const taps = Array.from({ length: g.filterWidth * g.channels }, (_, n): Tap => {
      const [v, channel] = [Math.floor(n / g.channels), n % g.channels];
      return { channel, offset: 4 * v * g.dilationX };
    });
    const height = chunksOf(taps.length, tallestOf(relaxed)).height;
    const pairs = chunksOf(g.filters, 2);
    const tiles: { readonly width: number; readonly first: number; readonly call: Tile }[] = [];
    for (const width of new Set([pairs.full > 0 ? pairs.height : 1, pairs.shorter > 0 ? 1 : pairs.height]))
      for (let first = 0; first < taps.length; first += height) {
        const call = tile(m, g, taps.slice(first, first + height), width, `dots${first}x${width}`, relaxed);
        tiles.push({ width, first, call });
      }
    return (f, { x, dy, to, own, sizes }) => {
      const { outWidth, outHeight } = sizes;
      const [plane, ofDy] = [held(f, planeBytes(sizes)), held(f, dyPlane(sizes))];
      const line = held(f, times(sizes.paddedWidth, 4));
      const asked = { plane, dyPlane: ofDy, line: times(line, g.strideY), outWidth };
      planesWithBorder(f, g, sizes, x, own);
      const planes = f.let(own.add(dyAt(g, sizes)));
      toPlanes(f, { to: planes, from: dy, pixels: times(outHeight, outWidth), channels: g.filters, plane: ofDy });
      const seen = linesSeen(f, g, sizes, dy);
      f.loop(0, g.filterHeight, (u) => {
        const { first, count: lines } = seen(u);
        const row = u.mul(g.dilationY).add(first.mul(g.strideY));
        const window = f.let(own.add(row.mul(line)));
        const target = f.let(to.add(u.mul(16 * taps.length * g.filters)));
        forEachChunk(f, pairs, (d, width) => {
          const gradient = f.let(planes.add(d.mul(ofDy)).add(first.mul(times(outWidth, 4))));
          for (const each of tiles)
            if (each.width === width) {
              const c = target.add(d.shl(4)).add(16 * each.first * g.filters);
              f.do(each.call({ x: window, dy: gradient, lines, to: c, ...asked }));
            }
        });
      });
    };
  },
};

/**
 * Which lines of the cotangent a filter's row needs: all, or those through which it saw more than the border. The others are looked
 * through, which costs a fifth of what leaving them out saves. Of images of any size all are needed.
 */
function linesSeen(
  f: FunctionBuilder,
  g: WasmConvolution,
  { outHeight }: Sizes,
  dy: Value<'i32'>,
): (u: Value<'i32'>) => { readonly first: Local<'i32'>; readonly count: Local<'i32'> } {
  const reach = (g.filterHeight - 1) * g.dilationY;
  // The first row of a filter sees the border above longest, the last one that below.
  const above = Math.min(g.outHeight, Math.ceil(g.top / g.strideY));
  const below = Math.min(g.outHeight, Math.max(above, Math.ceil((g.top + g.height - reach) / g.strideY)));
  const some = g.anySize === 0 && above + g.outHeight - below > 0;
  const finite = f.local('i32', 0);
  if (some) {
    const line = g.outWidth * g.filters;
    finite.set(
      allFinite(f, dy, above * line).and(allFinite(f, dy.add(4 * below * line), (g.outHeight - below) * line)),
    );
  }
  return (u) => {
    const [first, last] = [f.local('i32', 0), f.local('i32', outHeight)];
    if (some)
      f.if(finite, () => {
        const up = g.strideY - 1;
        // Lines of the image above the filter's row where the first window lies.
        const outside = f.let(u.mul(-g.dilationY).add(g.top));
        f.if(outside.gt_s(0), () => first.set(outside.add(up).div_s(g.strideY)));
        const end = f.let(outside.add(g.height + up).div_s(g.strideY));
        f.if(end.lt_s(last), () => last.set(end));
        f.if(last.lt_s(first), () => last.set(first));
      });
    return { first, count: f.let(last.sub(first)) };
  };
}

/** `to[tap, d, lane] += Σ x[tap + pixel] · dy[d, pixel]` over the pixels of each lane, of so many lines. */
function tile(
  m: WasmModule,
  g: WasmConvolution,
  taps: readonly Tap[],
  filters: number,
  name: string,
  relaxed: boolean,
): Tile {
  const anySize = g.anySize === 1;
  const names: readonly TileOperand[] = anySize ? tileOperands : tileOperands.slice(0, 4);
  const parameters = integers(names);
  const written = m.function(name, { parameters, exported: false }, (f, { x, dy, lines, to, ...asked }) => {
    const [plane, ofDy] = anySize ? [asked.plane, asked.dyPlane] : [planeBytes(g), dyPlane(g)];
    const sums = taps.map((_, n) =>
      Array.from({ length: filters }, (_unused, d) => f.let(v128.load(to, 16 * (n * g.filters + d)))),
    );
    const add = (offset: number, load: (at: Value<'i32'>, offset: number) => Value<'v128'>): void => {
      const right = Array.from({ length: filters }, (_, d) => {
        const [at, before] = behind(f, dy, times(ofDy, d));
        return f.let(load(at, before + offset));
      });
      for (const [n, own] of sums.entries()) {
        const [at, before] = behind(f, x, times(plane, taps[n]?.channel ?? 0));
        const left = f.let(load(at, before + (taps[n]?.offset ?? 0) + offset));
        for (const [d, sum] of own.entries()) sum.set(multiplyAdd(left, right[d] ?? left, sum, relaxed));
      }
    };
    const whole = (at: Value<'i32'>, offset: number): Value<'v128'> => v128.load(at, offset);
    const { outWidth } = anySize ? asked : g;
    const line = anySize ? asked.line : 4 * g.strideY * g.paddedWidth;
    const [vectors, rest] =
      typeof outWidth === 'number' ? [Math.floor(outWidth / 4), outWidth % 4] : [outWidth.shr_u(2), outWidth.and(3)];
    /** What is left of a line, zeros behind it. */
    const addRest = (offset: number): void => {
      if (typeof rest !== 'number') {
        const lanes = bytes([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
        const isThere = f.hoist(i32x4.lt_s(lanes, i32x4.splat(rest)));
        f.if(rest, () => add(offset, (at, place) => v128.and(v128.load(at, place), isThere)));
      } else if (rest > 0) add(offset, (at, place) => loadLanes(f, at, rest, place));
    };
    f.loop(0, lines, () => {
      if (typeof vectors === 'number' && vectors <= unrolledVectors) {
        for (let i = 0; i < vectors; i++) add(16 * i, whole);
        addRest(16 * vectors);
        x.set(x.add(line));
        dy.set(dy.add(4 * g.outWidth));
      } else {
        f.loop(0, vectors, () => {
          add(0, whole);
          x.set(x.add(16));
          dy.set(dy.add(16));
        });
        addRest(0);
        x.set(x.add(plus(line, times(vectors, -16))));
        dy.set(dy.add(times(rest, 4)));
      }
    });
    for (const [n, own] of sums.entries())
      for (const [d, sum] of own.entries()) f.v128.store(to, sum, 16 * (n * g.filters + d));
  });
  return (given) => written(operandsFor(names, given));
}
