/** Images in another size: by the nearest pixel, or between the four around. */
import { gather, reshape } from '@dendrite/core';
import { DendriteError, type Shape, type Tensor } from '@dendrite/spec';
import { mixRows } from '../mix-rows/mix-rows.ts';
import { type Both, imageOf, type Pair, pairOf } from '../window/padding.ts';

export interface Resize2dOptions {
  /** Of the output; either this or `scale`. */
  readonly size?: Pair;
  /** How many times larger the output is, above 0; its lengths are rounded down. */
  readonly scale?: number | readonly [height: number, width: number];
  /** Default `'nearest'`. */
  readonly method?: 'nearest' | 'bilinear';
  /** Bilinear only: the corner pixels' centres lie on each other, instead of their outer edges. Default false. */
  readonly alignCorners?: boolean;
}

/** The lengths of the output. @throws OPTION, SHAPE */
export function resizedLengths(
  x: Shape,
  { size, scale, method = 'nearest', alignCorners = false }: Resize2dOptions,
): Both {
  const [height, width] = imageOf('resize2d', x);
  if (method !== 'nearest' && method !== 'bilinear')
    throw new DendriteError('OPTION', `resize2d(): method must be 'nearest' or 'bilinear', got '${String(method)}'.`);
  if (typeof alignCorners !== 'boolean' || (alignCorners && method === 'nearest'))
    throw new DendriteError(
      'OPTION',
      `resize2d(): alignCorners must be true or false, and goes with 'bilinear' only, got ${String(alignCorners)} for '${method}'.`,
    );
  if ((size === undefined) === (scale === undefined))
    throw new DendriteError(
      'OPTION',
      `resize2d(): size or scale must be given, one of them, got ${size === undefined ? 'neither' : 'both'}. Write { scale: 2 }.`,
    );
  if (size !== undefined) return pairOf('resize2d', 'size', size, 1);
  const [vertical = Number.NaN, across = Number.NaN] = typeof scale === 'number' ? [scale, scale] : (scale ?? []);
  const lengths: Both = [Math.floor(height * vertical), Math.floor(width * across)];
  if (!(lengths[0] >= 1 && lengths[1] >= 1 && Number.isFinite(vertical * across)))
    throw new DendriteError(
      'OPTION',
      `resize2d(): scale must leave at least one pixel, got ${JSON.stringify(scale)} for ${height} × ${width}.`,
    );
  return lengths;
}

/** The pixel in front of each new one, along one axis. */
function placesBefore(length: number, count: number): Int32Array<ArrayBuffer> {
  const places = new Int32Array(count);
  for (let i = 0; i < count; i++) places[i] = Math.min(length - 1, Math.floor((i * length) / count));
  return places;
}

/** Channels from which on a pixel is copied as quickly by itself as within a row. */
const manyChannels = 16;

/** Both axes at once, pixel by pixel, or one after the other. */
function nearest(x: Tensor, [rows, columns]: Both): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [down, across] = [placesBefore(height, rows), placesBefore(width, columns)];
  const taken = (from: Tensor, places: Int32Array<ArrayBuffer>, axis: number): Tensor =>
    gather(from, x.runtime.tensor(places), { axis });
  if (channels >= manyChannels) {
    const places = new Int32Array(rows * columns);
    for (const [i, row] of down.entries())
      for (let j = 0; j < columns; j++) places[i * columns + j] = row * width + (across[j] as number);
    const pixels = taken(reshape(x, [batch, height * width, channels]), places, 1);
    return reshape(pixels, [batch, rows, columns, channels]);
  }
  // Where there are more rows in the end than at first, they come last: there is less to do before.
  return rows > height ? taken(taken(x, across, 2), down, 1) : taken(taken(x, down, 1), across, 2);
}

/** One axis by a straight line between neighbours. */
function linear(x: Tensor, axis: number, count: number, alignCorners: boolean): Tensor {
  const length = x.shape[axis] ?? 0;
  const places = Array.from({ length: count }, (_, i) =>
    alignCorners
      ? count === 1
        ? 0
        : (i * (length - 1)) / (count - 1)
      : Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / count - 0.5)),
  );
  const shares = places.flatMap((place, to) => {
    const [from, behind] = [Math.floor(place), place - Math.floor(place)];
    return [
      { to, from, share: 1 - behind },
      { to, from: Math.min(length - 1, from + 1), share: behind },
    ];
  });
  return mixRows(x, axis, count, shares);
}

/**
 * Images in another size: `[B, H, W, C]` → `[B, H', W', C]`.
 * `'nearest'`: `y[i] = x[⌊i · H / H'⌋]`. `'bilinear'`: by straight lines between pixels at `(i + ½) · H / H' − ½`, or at
 * `i · (H − 1) / (H' − 1)` with `alignCorners`.
 * @throws SHAPE, OPTION
 * @gradient each pixel has the cotangents of those it went into, by their weights
 * @source formula of torch.nn.Upsample
 * @example
 * import { resize2d } from '@dendrite/cnn/ops';
 * import { tensor } from '@dendrite/core';
 * const x = tensor([0, 4], [1, 1, 2, 1]);
 * await resize2d(x, { size: [1, 4], method: 'bilinear' }).toArray(); // [[[[0], [1], [3], [4]]]]
 */
export function resize2d(x: Tensor, options: Resize2dOptions): Tensor {
  const [rows, columns] = resizedLengths(x.shape, options);
  const { method = 'nearest', alignCorners = false } = options;
  return x.runtime.scope(() => {
    if (method === 'nearest') return nearest(x, [rows, columns]);
    const along = (from: Tensor, axis: 1 | 2): Tensor => linear(from, axis, axis === 1 ? rows : columns, alignCorners);
    return rows > (x.shape[1] ?? 0) ? along(along(x, 2), 1) : along(along(x, 1), 2);
  });
}
