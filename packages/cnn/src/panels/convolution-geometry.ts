/** Every length of one convolution, and the copy of its windows into rows (im2col). */
import type { Attributes, Shape } from '@dendrite/spec';
import type { Both } from '../window/padding.ts';
import { windowAttributes } from '../window/window-attributes.ts';

export interface ConvolutionGeometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly size: Both;
  readonly stride: Both;
  readonly dilation: Both;
  readonly before: Both;
  readonly groups: number;
  /** Channels of x, and of the output, in one group. */
  readonly groupIn: number;
  readonly groupOut: number;
  /** Elements of one window in one group: taps × channels. */
  readonly windowSize: number;
  /** Output positions that are packed at a time: a multiple of 4, about 128 kB of windows. */
  readonly block: number;
}

export function convolutionGeometry(x: Shape, filters: Shape, dy: Shape, attributes: Attributes): ConvolutionGeometry {
  const [batch = 0, height = 0, width = 0, channels = 0] = x;
  const [filterHeight = 0, filterWidth = 0, groupIn = 0, outChannels = 0] = filters;
  const [, outHeight = 0, outWidth = 0] = dy;
  const { stride, dilation, before } = windowAttributes(attributes);
  const groups = Number(attributes.groups);
  const windowSize = filterHeight * filterWidth * groupIn;
  const block = Math.min(
    512,
    Math.max(16, Math.floor(4096 / Math.max(1, windowSize)) * 4),
    Math.ceil((outHeight * outWidth) / 4) * 4,
  );
  return {
    batch,
    height,
    width,
    channels,
    outHeight,
    outWidth,
    outChannels,
    size: [filterHeight, filterWidth],
    stride,
    dilation,
    before,
    groups,
    groupIn,
    groupOut: outChannels / groups,
    windowSize,
    block,
  };
}

/** Windows `first … first + count` of one image and group into `to`; what lies in the padding is 0. */
export function packWindows(
  x: ArrayLike<number>,
  g: ConvolutionGeometry,
  image: number,
  group: number,
  first: number,
  count: number,
  to: Float64Array,
  rowAt: Int32Array,
  columnAt: Int32Array,
): void {
  const contiguous = g.groups === 1 && g.dilation[1] === 1;
  const run = g.size[1] * g.groupIn;
  const imageAt = image * g.height * g.width * g.channels + group * g.groupIn;
  for (let r = 0; r < count; r++) {
    const target = rowAt[r] as number;
    const top = Math.floor((first + r) / g.outWidth) * g.stride[0] - g.before[0];
    const left = ((first + r) % g.outWidth) * g.stride[1] - g.before[1];
    let k = 0;
    for (let i = 0; i < g.size[0]; i++) {
      const row = top + i * g.dilation[0];
      if (contiguous && row >= 0 && row < g.height && left >= 0 && left + g.size[1] <= g.width) {
        // One run of memory: the whole filter row at once.
        const source = imageAt + (row * g.width + left) * g.channels;
        for (let n = 0; n < run; n++) to[target + (columnAt[k++] as number)] = x[source + n] as number;
        continue;
      }
      for (let j = 0; j < g.size[1]; j++) {
        const column = left + j * g.dilation[1];
        if (row < 0 || row >= g.height || column < 0 || column >= g.width) {
          for (let c = 0; c < g.groupIn; c++) to[target + (columnAt[k++] as number)] = 0;
          continue;
        }
        const source = imageAt + (row * g.width + column) * g.channels;
        for (let c = 0; c < g.groupIn; c++) to[target + (columnAt[k++] as number)] = x[source + c] as number;
      }
    }
  }
}
