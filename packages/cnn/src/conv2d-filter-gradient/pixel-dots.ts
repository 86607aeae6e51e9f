/**
 * The form for 1 to 4 input channels and filters that do not fill vectors: lanes run along an output row's pixels, so each element of
 * the gradient is four chains. Image and cotangent are copied channel by channel first; tiles are up to 6 taps by 2 filters.
 */
import { chunksOf, forEachChunk, loadLanes, multiplyAdd, tallestOf } from '@dendrite/core/wasm-kernels';
import {
  type Callable,
  type FunctionBuilder,
  f32x4,
  i32x4,
  type Local,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { clearPlanes, planeBytes, planesWithBorder, toPlanes } from '../panels/image-planes.ts';
import { isRow, paddedBytes, type WasmConvolution } from '../panels/wasm-geometry.ts';
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

const dyAt = (g: WasmConvolution): number => Math.ceil((paddedBytes(g) + 32) / 16) * 16;
const dyPlane = (g: WasmConvolution): number => 4 * g.outHeight * g.outWidth;

const parameters = { x: 'i32', dy: 'i32', lines: 'i32', to: 'i32' } as const;
type Tile = Callable<typeof parameters, undefined>;

export const pixelDots: FilterGradientForm = {
  chains: 4,
  clear: (f, g, _, own) => clearPlanes(f, g, own),
  threadScratch: (g) => dyAt(g) + dyPlane(g) * g.filters + 32,
  prepare(m, g, { relaxed }) {
    const taps = Array.from({ length: g.filterWidth * g.channels }, (_, n) => {
      const [v, c] = [Math.floor(n / g.channels), n % g.channels];
      return c * planeBytes(g) + 4 * v * g.dilationX;
    });
    const height = chunksOf(taps.length, tallestOf(relaxed)).height;
    const pairs = chunksOf(g.filters, 2);
    const tiles: { readonly width: number; readonly first: number; readonly call: Tile }[] = [];
    for (const width of new Set([pairs.full > 0 ? pairs.height : 1, pairs.shorter > 0 ? 1 : pairs.height]))
      for (let first = 0; first < taps.length; first += height) {
        const call = tile(m, g, taps.slice(first, first + height), width, `dots${first}x${width}`, relaxed);
        tiles.push({ width, first, call });
      }
    return (f, { x, dy, to, own }) => {
      planesWithBorder(f, g, x, own);
      const planes = f.let(own.add(dyAt(g)));
      const pixels = g.outHeight * g.outWidth;
      toPlanes(f, { to: planes, from: dy, pixels, channels: g.filters, plane: dyPlane(g) });
      const seen = linesSeen(f, g, dy, relaxed);
      f.loop(0, g.filterHeight, (u) => {
        const { first, count: lines } = seen(u);
        const line = u.mul(g.dilationY).add(first.mul(g.strideY));
        const window = f.let(own.add(line.mul(4 * g.paddedWidth)));
        const target = f.let(to.add(u.mul(16 * taps.length * g.filters)));
        forEachChunk(f, pairs, (d, width) => {
          const gradient = f.let(planes.add(d.mul(dyPlane(g))).add(first.mul(4 * g.outWidth)));
          for (const each of tiles)
            if (each.width === width) {
              const c = target.add(d.shl(4)).add(16 * each.first * g.filters);
              f.do(each.call({ x: window, dy: gradient, lines, to: c }));
            }
        });
      });
    };
  },
};

/**
 * Which lines of the cotangent a filter's row needs: all, or those through which it saw more than the border. The others are looked
 * through, which costs a fifth of what leaving them out saves.
 */
function linesSeen(
  f: FunctionBuilder,
  g: WasmConvolution,
  dy: Value<'i32'>,
  relaxed: boolean,
): (u: Value<'i32'>) => { readonly first: Local<'i32'>; readonly count: Local<'i32'> } {
  const reach = (g.filterHeight - 1) * g.dilationY;
  // The first row of a filter sees the border above longest, the last one that below.
  const above = Math.min(g.outHeight, Math.ceil(g.top / g.strideY));
  const below = Math.min(g.outHeight, Math.max(above, Math.ceil((g.top + g.height - reach) / g.strideY)));
  const some = above + g.outHeight - below > 0;
  const finite = f.local('i32', 0);
  if (some) {
    const zero = f.let(f32x4.splat(0));
    const chains = Array.from({ length: 8 }, () => f.let(f32x4.splat(0)));
    const line = g.outWidth * g.filters;
    for (const [from, to] of [
      [0, above],
      [below, g.outHeight],
    ] as const) {
      const at = f.let(dy.add(4 * from * line));
      const floats = (to - from) * line;
      const addZeros = (count: number): void => {
        for (const [n, chain] of chains.entries()) {
          const lanes = Math.min(4, count - 4 * n);
          const load = (): Value<'v128'> => (lanes === 4 ? v128.load(at, 16 * n) : loadLanes(f, at, lanes, 16 * n));
          if (lanes > 0) chain.set(multiplyAdd(load(), zero, chain, relaxed));
        }
      };
      f.loop(0, Math.floor(floats / 32), () => {
        addZeros(32);
        at.set(at.add(128));
      });
      addZeros(floats % 32);
    }
    const all = f.let(chains.reduce<Value<'v128'>>((sum, chain) => f32x4.add(sum, chain), zero));
    finite.set(i32x4.all_true(f32x4.eq(all, zero)));
  }
  return (u) => {
    const [first, last] = [f.local('i32', 0), f.local('i32', g.outHeight)];
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
  taps: readonly number[],
  filters: number,
  name: string,
  relaxed: boolean,
): Tile {
  return m.function(name, { parameters, exported: false }, (f, { x, dy, lines, to }) => {
    const sums = taps.map((_, n) =>
      Array.from({ length: filters }, (_unused, d) => f.let(v128.load(to, 16 * (n * g.filters + d)))),
    );
    const add = (offset: number, load: (at: Local<'i32'>, offset: number) => Value<'v128'>): void => {
      const right = Array.from({ length: filters }, (_, d) => f.let(load(dy, d * dyPlane(g) + offset)));
      for (const [n, own] of sums.entries()) {
        const left = f.let(load(x, (taps[n] ?? 0) + offset));
        for (const [d, sum] of own.entries()) sum.set(multiplyAdd(left, right[d] ?? left, sum, relaxed));
      }
    };
    const whole = (at: Local<'i32'>, offset: number): Value<'v128'> => v128.load(at, offset);
    const vectors = Math.floor(g.outWidth / 4);
    const rest = g.outWidth % 4;
    const line = 4 * g.strideY * g.paddedWidth;
    f.loop(0, lines, () => {
      if (vectors <= unrolledVectors) {
        for (let i = 0; i < vectors; i++) add(16 * i, whole);
        if (rest > 0) add(16 * vectors, (at, offset) => loadLanes(f, at, rest, offset));
        x.set(x.add(line));
        dy.set(dy.add(4 * g.outWidth));
      } else {
        f.loop(0, vectors, () => {
          add(0, whole);
          x.set(x.add(16));
          dy.set(dy.add(16));
        });
        if (rest > 0) add(0, (at, offset) => loadLanes(f, at, rest, offset));
        x.set(x.add(line - 16 * vectors));
        dy.set(dy.add(4 * rest));
      }
    });
    for (const [n, own] of sums.entries())
      for (const [d, sum] of own.entries()) f.v128.store(to, sum, 16 * (n * g.filters + d));
  });
}
