/** What users may say about a window's size, stride and padding, and what it comes to in numbers. */
import { DendriteError, type Shape } from '@dendrite/spec';

/** One number for both axes, or `[height, width]`. */
export type Pair = number | readonly [height: number, width: number];
/**
 * `'valid'`: none. `'same'`: as much as makes the output `ceil(length / stride)`, the odd one behind (TensorFlow's rule, and
 * PyTorch's at stride 1). A pair: as much on both sides. `{ before, after }`: each side by itself.
 */
export type Padding = 'same' | 'valid' | Pair | { readonly before: Pair; readonly after: Pair };
export type Both = readonly [height: number, width: number];

/** A pair of whole numbers of at least `least`. @throws OPTION */
export function pairOf(owner: string, name: string, value: Pair, least: number): Both {
  const pair = typeof value === 'number' ? [value, value] : value;
  const [height = Number.NaN, width = Number.NaN]: readonly number[] =
    Array.isArray(pair) && pair.length === 2 ? pair : [];
  if (!Number.isInteger(height) || !Number.isInteger(width) || height < least || width < least)
    throw new DendriteError(
      'OPTION',
      `${owner}(): ${name} must be a whole number of at least ${least}, or two of them [height, width], got ${JSON.stringify(value)}.`,
    );
  return [height, width];
}

/** Rows and columns of padding before and behind. @throws OPTION */
export function paddingOf(
  owner: string,
  padding: Padding,
  spatial: Both,
  size: Both,
  stride: Both,
  dilation: Both,
): { readonly before: Both; readonly after: Both } {
  if (padding === 'valid') return { before: [0, 0], after: [0, 0] };
  if (padding === 'same') {
    const total = [0, 1].map((axis) => {
      const length = at(spatial, axis);
      const reach = (at(size, axis) - 1) * at(dilation, axis) + 1;
      return Math.max(0, (Math.ceil(length / at(stride, axis)) - 1) * at(stride, axis) + reach - length);
    });
    const [height = 0, width = 0] = total;
    const before: Both = [height >> 1, width >> 1];
    return { before, after: [height - before[0], width - before[1]] };
  }
  if (typeof padding === 'object' && 'before' in padding)
    return {
      before: pairOf(owner, 'padding.before', padding.before, 0),
      after: pairOf(owner, 'padding.after', padding.after, 0),
    };
  if (typeof padding === 'string')
    throw new DendriteError(
      'OPTION',
      `${owner}(): padding must be 'same', 'valid', a number, [height, width] or { before, after }, got '${String(padding)}'.`,
    );
  const both = pairOf(owner, 'padding', padding, 0);
  return { before: both, after: both };
}

/** Height and width of an image batch `[B, H, W, C]`. @throws SHAPE  if it is none. */
export function spatialOf(owner: string, shape: Shape): Both {
  const [, height, width] = shape;
  if (shape.length !== 4 || height === undefined || width === undefined)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): x must be images [batch, height, width, channels], got [${shape.join(', ')}]. Add the missing axis with reshape(): gray images have 1 channel.`,
    );
  return [height, width];
}

/** The same of images that have something to see. @throws SHAPE */
export function imageOf(owner: string, shape: Shape): Both {
  const [height, width] = spatialOf(owner, shape);
  if (height * width === 0)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): images must have at least one pixel, got ${height} × ${width}. Leave the batch out.`,
    );
  return [height, width];
}

const at = (pair: Both, axis: number): number => (axis === 0 ? pair[0] : pair[1]);
