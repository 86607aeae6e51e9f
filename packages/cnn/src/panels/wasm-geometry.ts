/** What the WASM kernels of a convolution bake in, and how an image gets its border of zeros. */
import { copyRun, isFloat32 } from '@dendrite/core/wasm-kernels';
import type { Attributes, Call, KernelConstants, Shape } from '@dendrite/spec';
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
    | 'paddedWidth',
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
  };
}

export const acceptsConvolution: (call: Call) => boolean = isFloat32;

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

/** Copies an image into the middle of zeros; gives where it then lies, or the image itself where no border is needed. */
export function withBorder(f: FunctionBuilder, g: WasmConvolution, image: Int, scratch: Int): Int {
  if (!isPadded(g)) return image;
  f.memory.fill(scratch, 0, paddedBytes(g));
  eachRow(f, g, (padded, plain, bytes) => copyRun(f, scratch.add(padded), image.add(plain), bytes));
  return scratch;
}
/** The other way: the middle without its border. */
export function withoutBorder(f: FunctionBuilder, g: WasmConvolution, image: Int, scratch: Int): void {
  if (isPadded(g)) eachRow(f, g, (padded, plain, bytes) => copyRun(f, image.add(plain), scratch.add(padded), bytes));
}

function eachRow(f: FunctionBuilder, g: WasmConvolution, body: (padded: Int, plain: Int, bytes: number) => void): void {
  const plainRow = 4 * g.width * g.channels;
  const paddedRow = 4 * g.paddedWidth * g.channels;
  const first = 4 * (g.top * g.paddedWidth + g.left) * g.channels;
  f.loop(0, g.height, (row) => body(row.mul(paddedRow).add(first), row.mul(plainRow), plainRow));
}
