/** What the WASM kernels of a convolution bake in, which sizes they may take as arguments instead, and how an image gets its border of zeros. */
import { chunksOf, copyRun, forEachChunk, integers } from '@dendrite/core/wasm-kernels';
import type { Attributes, Shape } from '@dendrite/spec';
import { type FunctionBuilder, select, type Value } from '@dendrite/wasm-assembler';
import { convolutionGeometry } from './convolution-geometry.ts';
import { type Length, plus, times } from './length.ts';

type Int = Value<'i32'>;

/** What images of different sizes differ in. */
const sizeNames = ['height', 'width', 'outHeight', 'outWidth', 'top', 'left', 'paddedHeight', 'paddedWidth'] as const;
type SizeName = (typeof sizeNames)[number];

/** All lengths but the batch's, as plain numbers. */
export type WasmConvolution = Readonly<
  Record<
    | SizeName
    | 'channels'
    | 'filters'
    | 'filterHeight'
    | 'filterWidth'
    | 'strideY'
    | 'strideX'
    | 'dilationY'
    | 'dilationX'
    | 'groups'
    /** Which way the kernel goes; 0: the common one. */
    | 'form'
    /** 1: of images of any size; the sizes are arguments. */
    | 'anySize',
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
    form: 0,
    anySize: 0,
  };
}

/** An image one row high: a sequence. */
export const isRow = (g: WasmConvolution): boolean =>
  g.height === 1 && g.outHeight === 1 && g.filterHeight === 1 && g.top === 0;

/**
 * What images of all sizes share: whether they have a border, and how wide an output is at least, up to the pixels of a tile that
 * runs along it. Then one height of tile is enough, for the last one may overlap the one before.
 */
export const ofAnySize = (g: WasmConvolution, tilePixels = 0): WasmConvolution => ({
  ...g,
  ...{ height: 0, width: 0, outHeight: 0, top: 0, left: 0, paddedHeight: 0 },
  outWidth: Math.min(g.outWidth, tilePixels),
  paddedWidth: isPadded(g) ? 1 : 0,
  anySize: 1,
});
/** The rest: the last arguments of every entry. */
export const sizesOf = (g: WasmConvolution): readonly number[] => sizeNames.map((name) => g[name]);

/** Sizes, baked in or given. */
export type Sizes = Readonly<Record<SizeName, Length>>;
/** Parameters of an entry, with the sizes where they are given. */
export function parametersOf<const N extends string>(
  g: WasmConvolution,
  names: readonly N[],
): { readonly [K in N | SizeName]: 'i32' } {
  const given: readonly (N | SizeName)[] = g.anySize === 1 ? [...names, ...sizeNames] : names;
  return integers(given);
}
/** Those that a kernel computes with. */
export const sizesIn = (g: WasmConvolution, given: Sizes): Sizes => (g.anySize === 1 ? given : g);

/** Bytes for so many pixels and the vector that may be read behind them, a multiple of 16. */
export function room(pixels: number, bytes: number): number;
export function room(pixels: Length, bytes: number): Length;
export function room(pixels: Length, bytes: number): Length {
  return typeof pixels === 'number' ? Math.ceil((pixels * bytes + 16) / 16) * 16 : pixels.mul(bytes).add(31).and(-16);
}

export const isPadded = (g: WasmConvolution): boolean =>
  g.paddedHeight !== g.height || g.paddedWidth !== g.width || g.top !== 0 || g.left !== 0;
/** Bytes of one image, of one with its border, and of one output. */
export const imageBytes = (g: WasmConvolution, { height, width }: Sizes): Length =>
  times(times(height, width), 4 * g.channels);
export function paddedBytes(g: WasmConvolution): number;
export function paddedBytes(g: WasmConvolution, sizes: Sizes): Length;
export function paddedBytes(g: WasmConvolution, { paddedHeight, paddedWidth }: Sizes = g): Length {
  return times(times(paddedHeight, paddedWidth), 4 * g.channels);
}
export const outputBytes = (g: WasmConvolution, { outHeight, outWidth }: Sizes): Length =>
  times(times(outHeight, outWidth), 4 * g.filters);

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
export function clearBorder(f: FunctionBuilder, g: WasmConvolution, sizes: Sizes, scratch: Int): void {
  if (isPadded(g)) f.memory.fill(scratch, 0, paddedBytes(g, sizes));
}
/** Copies an image into the middle of the zeros; gives where it then lies, or the image itself where no border is needed. */
export function withBorder(f: FunctionBuilder, g: WasmConvolution, sizes: Sizes, image: Int, scratch: Int): Int {
  if (!isPadded(g)) return image;
  eachRow(f, g, sizes, (padded, plain, bytes) => copyLine(f, scratch.add(padded), image.add(plain), bytes));
  return scratch;
}
/** The other way: the middle without its border. */
export function withoutBorder(f: FunctionBuilder, g: WasmConvolution, sizes: Sizes, image: Int, scratch: Int): void {
  if (isPadded(g))
    eachRow(f, g, sizes, (padded, plain, bytes) => copyLine(f, image.add(plain), scratch.add(padded), bytes));
}

function eachRow(
  f: FunctionBuilder,
  g: WasmConvolution,
  sizes: Sizes,
  body: (padded: Int, plain: Int, bytes: Length) => void,
): void {
  const plainRow = times(sizes.width, 4 * g.channels);
  const paddedRow = times(sizes.paddedWidth, 4 * g.channels);
  const first = times(firstPixel(sizes), 4 * g.channels);
  f.loop(0, sizes.height, (row) => body(row.mul(paddedRow).add(first), row.mul(plainRow), plainRow));
}
/** Pixels of the border before the first of the image. */
export const firstPixel = ({ top, left, paddedWidth }: Sizes): Length => plus(times(top, paddedWidth), left);

export function copyLine(f: FunctionBuilder, to: Int, from: Int, bytes: Length): void {
  if (typeof bytes === 'number') copyRun(f, to, from, bytes);
  else f.memory.copy(to, from, bytes);
}

/**
 * Output pixels of a line, in tiles of a few: `body` is written once a height. Of a known number they are as alike as they can be; of
 * any number the last overlaps the one before, so what a tile writes must not depend on what was there.
 */
export function eachTile(
  f: FunctionBuilder,
  g: WasmConvolution,
  pixels: Length,
  tallest: number,
  body: (first: Int, height: number) => void,
): void {
  if (typeof pixels === 'number') {
    forEachChunk(f, chunksOf(pixels, tallest), body);
    return;
  }
  const height = Math.min(tallest, g.outWidth);
  const last = f.let(pixels.sub(height));
  f.loop(0, pixels, height, (first) => body(f.let(select(first.lt_s(last), first, last)), height));
}
/** The heights that `eachTile` asks for. */
export function tileHeights({ anySize, outWidth }: WasmConvolution, tallest: number): readonly number[] {
  if (anySize === 1) return [Math.min(tallest, outWidth)];
  const { height, shorter } = chunksOf(outWidth, tallest);
  return [height, shorter > 0 ? height - 1 : 0].filter((rows) => rows > 0);
}
