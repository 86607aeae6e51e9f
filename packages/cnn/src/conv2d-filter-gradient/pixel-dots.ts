/**
 * The form for 1 to 4 input channels and filters that do not fill vectors: lanes run along an output row's pixels, so each element of
 * the gradient is four chains. Image and cotangent are copied channel by channel first; tiles are up to 6 taps by 2 filters.
 */
import { chunksOf, forEachChunk, loadLanes, multiplyAdd, tallestOf } from '@dendrite/core/wasm-kernels';
import { type Callable, type Local, type Value, v128, type WasmModule } from '@dendrite/wasm-assembler';
import { planeBytes, planesWithBorder, toPlanes } from '../panels/image-planes.ts';
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

type Tile = Callable<{ readonly x: 'i32'; readonly dy: 'i32'; readonly to: 'i32' }, undefined>;

export const pixelDots: FilterGradientForm = {
  chains: 4,
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
      f.loop(0, g.filterHeight, (u) => {
        const window = f.let(own.add(u.mul(4 * g.dilationY * g.paddedWidth)));
        const target = f.let(to.add(u.mul(16 * taps.length * g.filters)));
        forEachChunk(f, pairs, (d, width) => {
          const gradient = f.let(planes.add(d.mul(dyPlane(g))));
          for (const each of tiles)
            if (each.width === width) {
              const c = target.add(d.shl(4)).add(16 * each.first * g.filters);
              f.do(each.call({ x: window, dy: gradient, to: c }));
            }
        });
      });
    };
  },
};

/** `to[tap, d, lane] += Σ x[tap + pixel] · dy[d, pixel]` over the pixels of each lane. */
function tile(
  m: WasmModule,
  g: WasmConvolution,
  taps: readonly number[],
  filters: number,
  name: string,
  relaxed: boolean,
): Tile {
  return m.function(name, { parameters: { x: 'i32', dy: 'i32', to: 'i32' }, exported: false }, (f, { x, dy, to }) => {
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
    f.loop(0, g.outHeight, () => {
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
