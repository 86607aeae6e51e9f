/** Images channel by channel: where lanes run along the pixels, neighbours of one channel must lie side by side. */
import { storeLanes, transposeFour } from '@dendrite/core/wasm-kernels';
import { type FunctionBuilder, i8x16, type Value, v128 } from '@dendrite/wasm-assembler';
import { behind, type Length, times } from './length.ts';
import { copyLine, firstPixel, paddedBytes, type Sizes, type WasmConvolution } from './wasm-geometry.ts';

type Int = Value<'i32'>;

/** Bytes of a plane of x with its border. */
export const planeBytes = ({ paddedHeight, paddedWidth }: Sizes): Length => times(times(paddedHeight, paddedWidth), 4);

/** Zeros for `planesWithBorder`, once for all images of a call. `to` has `paddedBytes` and room for a vector behind. */
export const clearPlanes = (f: FunctionBuilder, g: WasmConvolution, sizes: Sizes, to: Int): void => {
  f.memory.fill(to, 0, paddedBytes(g, sizes));
};

/** `to[c, row, column]` = image, within the border of zeros that is there. */
export function planesWithBorder(f: FunctionBuilder, g: WasmConvolution, sizes: Sizes, image: Int, to: Int): void {
  const { width, paddedWidth } = sizes;
  f.loop(0, sizes.height, (row) => {
    const target = f.let(to.add(row.mul(times(paddedWidth, 4))).add(times(firstPixel(sizes), 4)));
    const from = f.let(image.add(row.mul(times(width, 4 * g.channels))));
    if (g.channels === 1) copyLine(f, target, from, times(width, 4));
    else toPlanes(f, { to: target, from, pixels: width, channels: g.channels, plane: planeBytes(sizes) });
  });
}

/** `to[c, p] = from[p, c]`; planes lie `plane` bytes apart. Up to 12 bytes behind `from` are read. */
export function toPlanes(
  f: FunctionBuilder,
  at: {
    readonly to: Int;
    readonly from: Int;
    readonly pixels: Length;
    readonly channels: number;
    readonly plane: Length;
  },
): void {
  const { pixels, channels, plane } = at;
  const [to, from] = [f.let(at.to), f.let(at.from)];
  const some = (count: number): void => {
    for (let c = 0; c < channels; c += 4) {
      const pixel = (p: number): Value<'v128'> => f.let(v128.load(from, 4 * (Math.min(p, count - 1) * channels + c)));
      const lines = transposeFour(f, [pixel(0), pixel(1), pixel(2), pixel(3)]);
      for (const [i, line] of lines.slice(0, channels - c).entries())
        storeIn(f, plane, c + i, to, count === 4 ? line : f.let(line), count);
    }
  };
  const fours = typeof pixels === 'number' ? (pixels - (pixels % 4)) / 4 : pixels.shr_u(2);
  f.loop(0, fours, () => {
    if (channels % 4 === 2) pairsToPlanes(f, { to, from, channels, plane });
    else some(4);
    to.set(to.add(16));
    from.set(from.add(16 * channels));
  });
  if (typeof pixels !== 'number')
    f.loop(0, pixels.and(3), () => {
      some(1);
      to.set(to.add(4));
      from.set(from.add(4 * channels));
    });
  else if (pixels % 4 > 0) some(pixels % 4);
}

/**
 * Four pixels of an even number of channels that is no multiple of four: every vector holds two pairs of channels, so none is read
 * twice, as pixels alone would be.
 */
function pairsToPlanes(
  f: FunctionBuilder,
  at: { readonly to: Int; readonly from: Int; readonly channels: number; readonly plane: Length },
): void {
  const { to, from, channels, plane } = at;
  const vectors = Array.from({ length: channels }, (_, i) => f.let(v128.load(from, 16 * i)));
  const words = (x: Value<'v128'>, y: Value<'v128'>, ...indices: readonly number[]): Value<'v128'> =>
    i8x16.shuffle(
      x,
      y,
      indices.flatMap((i) => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3]),
    );
  for (let c = 0; c < channels; c += 2) {
    /** The pairs of two pixels, one behind the other. */
    const two = (pixel: number): Value<'v128'> => {
      const [first, second] = [pixel * channels + c, (pixel + 1) * channels + c];
      const [x, y] = [vectors[Math.floor(first / 4)], vectors[Math.floor(second / 4)]];
      const [i, j] = [first % 4, 4 + (second % 4)];
      return x && y ? f.let(words(x, y, i, i + 1, j, j + 1)) : v128.load(from);
    };
    const [left, right] = [two(0), two(2)];
    storeIn(f, plane, c, to, words(left, right, 0, 2, 4, 6), 4);
    storeIn(f, plane, c + 1, to, words(left, right, 1, 3, 5, 7), 4);
  }
}

/** So many lanes to `to` in a channel's plane. */
function storeIn(
  f: FunctionBuilder,
  plane: Length,
  channel: number,
  to: Int,
  value: Value<'v128'>,
  count: number,
): void {
  const [at, offset] = behind(f, to, times(plane, channel));
  storeLanes(f, at, value, count, offset);
}
