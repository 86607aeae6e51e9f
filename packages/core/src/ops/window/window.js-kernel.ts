/** Elements under windows side by side, and back: where each tap of each window lies is found once a call. */
import type { Attributes, HostArray, JsKernel, Shape } from '@dendrite/spec';
import { shapeOf, sizeOf } from '../strides.ts';
import type { WindowAttributes } from './window.ts';

interface Geometry {
  readonly batch: number;
  /** Per output position and tap: offset in the input's spatial elements, or −1 in the border. */
  readonly places: Int32Array;
  readonly channels: number;
  readonly pixels: number;
}

function geometry(shape: Shape, counts: readonly number[], attributes: Attributes): Geometry {
  const { size, stride, dilation, before } = attributes as WindowAttributes;
  const spatial = shape.slice(1, -1);
  const outs = sizeOf(counts);
  const taps = sizeOf(size);
  const places = new Int32Array(outs * taps);
  const position = new Array<number>(spatial.length).fill(0);
  const tap = new Array<number>(spatial.length).fill(0);
  const advance = (index: number[], limits: readonly number[]): void => {
    for (let axis = limits.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (limits[axis] as number)) return;
      index[axis] = 0;
    }
  };
  for (let o = 0, i = 0; o < outs; o++, advance(position, counts)) {
    for (let t = 0; t < taps; t++, advance(tap, size)) {
      let at = 0;
      for (let axis = 0; axis < spatial.length; axis++) {
        const length = spatial[axis] as number;
        const place =
          (position[axis] as number) * (stride[axis] as number) +
          (tap[axis] as number) * (dilation[axis] as number) -
          (before[axis] as number);
        at = at < 0 || place < 0 || place >= length ? -1 : at * length + place;
      }
      places[i++] = at;
    }
  }
  return { batch: shape[0] as number, places, channels: shape[shape.length - 1] as number, pixels: sizeOf(spatial) };
}

export const windowGatherKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], outputs: [y], attributes }) => {
    const { batch, places, channels, pixels } = geometry(shapeOf(x), shapeOf(y).slice(1, -1), attributes);
    return ([output], [input], args) => {
      const to = output as HostArray;
      const from = input as HostArray;
      const border = args[0] ?? 0;
      for (let b = 0, i = 0; b < batch; b++) {
        const image = b * pixels * channels;
        for (let p = 0; p < places.length; p++) {
          const place = places[p] as number;
          if (place < 0) for (let c = 0; c < channels; c++) to[i++] = border;
          else for (let c = 0, at = image + place * channels; c < channels; c++) to[i++] = from[at + c] as number;
        }
      }
    };
  },
};

export const windowScatterKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [y], outputs: [x], attributes }) => {
    const { batch, places, channels, pixels } = geometry(shapeOf(x), shapeOf(y).slice(1, -1), attributes);
    return ([output], [input]) => {
      const to = output as HostArray;
      const from = input as HostArray;
      // Sums are gathered in float64 and rounded once.
      const sums = new Float64Array(pixels * channels);
      for (let b = 0, i = 0; b < batch; b++) {
        sums.fill(0);
        for (let p = 0; p < places.length; p++) {
          const place = places[p] as number;
          if (place < 0) i += channels;
          else
            for (let c = 0, at = place * channels; c < channels; c++)
              sums[at + c] = (sums[at + c] as number) + (from[i++] as number);
        }
        for (let j = 0, at = b * sums.length; j < sums.length; j++) to[at + j] = sums[j] as number;
      }
    };
  },
};
