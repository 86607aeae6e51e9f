/** What the WASM kernels of a convolution bake in, what a kernel for rows of any length takes instead, and how an image gets its border of zeros. */
import { chunksOf, copyRun, forEachChunk } from '@dendrite/core/wasm-kernels';
import type { Attributes, KernelConstants, Shape } from '@dendrite/spec';
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';
import { convolutionGeometry } from './convolution-geometry.ts';

type Int = Value<'i32'>;

/** All lengths but the batch's, as plain numbers. */
export type WasmConvolution = Readonly<
  Record<
    | 'height'
    | 'width'
    | 'channels'
    | 'outHeight'
    | 'outWidth'
    | 'filters'
    | 'filterHeight'
    | 'filterWidth'
    | 'strideY'
    | 'strideX'
    | 'dilationY'
    | 'dilationX'
    | 'groups'
    | 'top'
    | 'left'
    | 'paddedHeight'
    | 'paddedWidth'
    /** 1: of rows of any length; what their lengths decide is an argument. */
    | 'anyLength',
    number
  >
>;

export function wasmConvolution(x: Shape, filters: Shape, dy: Shape, attributes: Attributes): WasmConvolution {
  const g = convolutionGeometry(x, filters, dy, attributes);
  const [top, left] = g.before;
  // As far as the windows reach.
  const reachY = (g.outHeight - 1) * g.stride[0] + (g.size[0] - 1) * g.dilation[0] + 1;
  const reachX = (g.outWidth - 1) * g.stride[1] + (g.size[1] - 1) * g.dilation[1] + 1;
  const inside = top === 0 && left === 0 && reachY <= g.height && reachX <= g.width;
  return {
    height: g.height,
    width: g.width,
    channels: g.channels,
    outHeight: g.outHeight,
    outWidth: g.outWidth,
    filters: g.outChannels,
    filterHeight: g.size[0],
    filterWidth: g.size[1],
    strideY: g.stride[0],
    strideX: g.stride[1],
    dilationY: g.dilation[0],
    dilationX: g.dilation[1],
    groups: g.groups,
    top,
    left,
    paddedHeight: inside ? g.height : Math.max(top + g.height, reachY),
    paddedWidth: inside ? g.width : Math.max(left + g.width, reachX),
    anyLength: 0,
  };
}

/** An image one row high: a sequence, whose length may be another in each batch. */
export const isRow = (g: WasmConvolution): boolean =>
  g.height === 1 && g.outHeight === 1 && g.filterHeight === 1 && g.top === 0;
/** What rows of all lengths share. */
export const ofAnyLength = (g: WasmConvolution): WasmConvolution => ({
  ...g,
  ...{ width: 0, outWidth: 0, paddedWidth: isPadded(g) ? 1 : 0 },
  anyLength: 1,
});
/** The rest: the last arguments of every entry, `width`, `outWidth` and `paddedWidth`. */
export const lengthsOf = (g: WasmConvolution): readonly number[] => [g.width, g.outWidth, g.paddedWidth];

/** Lengths of lines, baked in or given. */
export type Lengths = Readonly<Record<'width' | 'outWidth' | 'paddedWidth', Int | number>>;
/** Those that a kernel computes with. */
export const lengthsIn = (g: WasmConvolution, given: Lengths): Lengths => (g.anyLength === 1 ? given : g);
export const times = (length: Int | number, factor: number): Int | number =>
  typeof length === 'number' ? length * factor : length.mul(factor);
/** Bytes for so many pixels and the vector that may be read behind them, a multiple of 16. */
export function room(pixels: number, bytes: number): number;
export function room(pixels: Int | number, bytes: number): Int | number;
export function room(pixels: Int | number, bytes: number): Int | number {
  return typeof pixels === 'number' ? Math.ceil((pixels * bytes + 16) / 16) * 16 : pixels.mul(bytes).add(31).and(-16);
}

/** The numbers that were baked in, as numbers. */
export const fromConstants = (constants: KernelConstants): WasmConvolution =>
  Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, Number(value)])) as WasmConvolution;

export const isPadded = (g: WasmConvolution): boolean =>
  g.paddedHeight !== g.height || g.paddedWidth !== g.width || g.top !== 0 || g.left !== 0;
/** Bytes of one image, and of one with its border. */
export const imageBytes = (g: WasmConvolution): number => 4 * g.height * g.width * g.channels;
export const paddedBytes = (g: WasmConvolution): number => 4 * g.paddedHeight * g.paddedWidth * g.channels;

/** Operations for one image, of all three kernels. */
export const imageWork = (g: WasmConvolution): number => 2 * g.outHeight * g.outWidth * g.filters * windowLength(g);

/** Channels of x, and of the output, in one group. */
export const groupIn = (g: WasmConvolution): number => g.channels / g.groups;
export const groupOut = (g: WasmConvolution): number => g.filters / g.groups;
/** Elements of a window in one group. */
export const windowLength = (g: WasmConvolution): number => g.filterHeight * g.filterWidth * groupIn(g);

/**
 * A filter row's window in one group as runs of memory: one, where its taps lie side by side, else one for each tap. `length`:
 * elements of a run; `runs`: bytes from the window's first element to each.
 */
export function windowRuns(g: WasmConvolution): { readonly length: number; readonly runs: readonly number[] } {
  if ((g.groups === 1 && g.dilationX === 1) || g.filterWidth === 1)
    return { length: g.filterWidth * groupIn(g), runs: [0] };
  const step = 4 * g.dilationX * g.channels;
  return { length: groupIn(g), runs: Array.from({ length: g.filterWidth }, (_, tap) => tap * step) };
}

/** Zeros into whose middle images are copied, once for all images of a call: the copies leave the border as it is. */
export function clearBorder(f: FunctionBuilder, g: WasmConvolution, lengths: Lengths, scratch: Int): void {
  if (isPadded(g)) f.memory.fill(scratch, 0, times(lengths.paddedWidth, 4 * g.paddedHeight * g.channels));
}
/** Copies an image into the middle of the zeros; gives where it then lies, or the image itself where no border is needed. */
export function withBorder(f: FunctionBuilder, g: WasmConvolution, lengths: Lengths, image: Int, scratch: Int): Int {
  if (!isPadded(g)) return image;
  eachRow(f, g, lengths, (padded, plain, bytes) => copyLine(f, scratch.add(padded), image.add(plain), bytes));
  return scratch;
}
/** The other way: the middle without its border. */
export function withoutBorder(
  f: FunctionBuilder,
  g: WasmConvolution,
  lengths: Lengths,
  image: Int,
  scratch: Int,
): void {
  if (isPadded(g))
    eachRow(f, g, lengths, (padded, plain, bytes) => copyLine(f, image.add(plain), scratch.add(padded), bytes));
}

function eachRow(
  f: FunctionBuilder,
  g: WasmConvolution,
  { width, paddedWidth }: Lengths,
  body: (padded: Int, plain: Int, bytes: Int | number) => void,
): void {
  const plainRow = times(width, 4 * g.channels);
  const paddedRow = times(paddedWidth, 4 * g.channels);
  // A row of any length has nothing above it.
  const first = 4 * (g.top * g.paddedWidth + g.left) * g.channels;
  f.loop(0, g.height, (row) => body(row.mul(paddedRow).add(first), row.mul(plainRow), plainRow));
}

function copyLine(f: FunctionBuilder, to: Int, from: Int, bytes: Int | number): void {
  if (typeof bytes === 'number') copyRun(f, to, from, bytes);
  else f.memory.copy(to, from, bytes);
}

/**
 * Output pixels of a line, in tiles of a few: `body` is written once a height. Of a known number they are as alike as they can be, of
 * any number as tall as they can be and then single.
 */
export function eachTile(
  f: FunctionBuilder,
  pixels: Int | number,
  tallest: number,
  body: (first: Int, height: number) => void,
): void {
  if (typeof pixels === 'number') {
    forEachChunk(f, chunksOf(pixels, tallest), body);
    return;
  }
  const whole = f.let(pixels.sub(pixels.rem_s(tallest)));
  f.loop(0, whole, tallest, (first) => body(first, tallest));
  f.loop(whole, pixels, (first) => body(first, 1));
}
/** The heights that `eachTile` asks for. */
export function tileHeights({ anyLength, outWidth }: WasmConvolution, tallest: number): readonly number[] {
  if (anyLength === 1) return [tallest, 1];
  const { height, shorter } = chunksOf(outWidth, tallest);
  return [height, shorter > 0 ? height - 1 : 0].filter((rows) => rows > 0);
}
