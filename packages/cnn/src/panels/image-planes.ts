/** Images channel by channel: where lanes run along the pixels, neighbours of one channel must lie side by side. */
import { copyRun, storeLanes, transposeFour } from '@dendrite/core/wasm-kernels';
import { type FunctionBuilder, type Value, v128 } from '@dendrite/wasm-assembler';
import { paddedBytes, type WasmConvolution } from './wasm-geometry.ts';

type Int = Value<'i32'>;

/** Bytes of a plane of x with its border. */
export const planeBytes = (g: WasmConvolution): number => 4 * g.paddedHeight * g.paddedWidth;

/** `to[c, row, column]` = image, with the border of zeros. `to` has `paddedBytes` and room for a vector behind. */
export function planesWithBorder(f: FunctionBuilder, g: WasmConvolution, image: Int, to: Int): void {
  f.memory.fill(to, 0, paddedBytes(g));
  const first = 4 * (g.top * g.paddedWidth + g.left);
  f.loop(0, g.height, (row) => {
    const target = f.let(to.add(row.mul(4 * g.paddedWidth)).add(first));
    const from = f.let(image.add(row.mul(4 * g.width * g.channels)));
    if (g.channels === 1) copyRun(f, target, from, 4 * g.width);
    else toPlanes(f, { to: target, from, pixels: g.width, channels: g.channels, plane: planeBytes(g) });
  });
}

/** `to[c, p] = from[p, c]`; planes lie `plane` bytes apart. Up to 12 bytes behind `from` are read. */
export function toPlanes(
  f: FunctionBuilder,
  at: {
    readonly to: Int;
    readonly from: Int;
    readonly pixels: number;
    readonly channels: number;
    readonly plane: number;
  },
): void {
  const { pixels, channels, plane } = at;
  const [to, from] = [f.let(at.to), f.let(at.from)];
  const some = (count: number): void => {
    for (let c = 0; c < channels; c += 4) {
      const pixel = (p: number): Value<'v128'> => f.let(v128.load(from, 4 * (Math.min(p, count - 1) * channels + c)));
      const lines = transposeFour(f, [pixel(0), pixel(1), pixel(2), pixel(3)]);
      for (const [i, line] of lines.slice(0, channels - c).entries())
        storeLanes(f, to, count === 4 ? line : f.let(line), count, (c + i) * plane);
    }
  };
  f.loop(0, (pixels - (pixels % 4)) / 4, () => {
    some(4);
    to.set(to.add(16));
    from.set(from.add(16 * channels));
  });
  if (pixels % 4 > 0) some(pixels % 4);
}
