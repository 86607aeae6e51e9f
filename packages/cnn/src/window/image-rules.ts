/** Checks that the shape rules of convolution and pooling share. */
import { DendriteError, type TensorSpec } from '@dendrite/spec';
import type { Both } from './padding.ts';

export interface ImageLengths {
  readonly batch: number;
  readonly spatial: Both;
  readonly channels: number;
}

/** The lengths of `[batch, height, width, channels]`. @throws SHAPE, DTYPE */
export function imagesOf(owner: string, what: string, spec: TensorSpec | undefined): ImageLengths {
  const shape = spec?.shape ?? [];
  const [batch, height, width, channels] = shape;
  if (
    spec === undefined ||
    shape.length !== 4 ||
    batch === undefined ||
    height === undefined ||
    width === undefined ||
    channels === undefined
  )
    throw new DendriteError(
      'SHAPE',
      `${owner}: ${what} must be [batch, height, width, channels], got [${shape.join(', ')}]. Add the missing axis with reshape(): gray images have 1 channel.`,
    );
  floatOnly(owner, what, spec);
  return { batch, spatial: [height, width], channels };
}

/** @throws DTYPE  unless float32 or float64 */
export function floatOnly(owner: string, what: string, spec: TensorSpec): void {
  if (spec.dtype !== 'float32' && spec.dtype !== 'float64')
    throw new DendriteError(
      'DTYPE',
      `${owner}: ${what} must be float32 or float64, got ${spec.dtype}. Write cast(x, 'float32') first.`,
    );
}

/** @throws DTYPE  unless both have one dtype */
export function sameDtype(owner: string, a: TensorSpec, b: TensorSpec, names: string): void {
  if (a.dtype !== b.dtype)
    throw new DendriteError(
      'DTYPE',
      `${owner}: ${names} must have one dtype, got ${a.dtype} and ${b.dtype}. Cast one of them.`,
    );
}

/** @throws SHAPE  unless dy is what the forward op gives for these lengths */
export function expectShape(owner: string, what: string, spec: TensorSpec, expected: readonly number[]): void {
  if (spec.shape.length !== expected.length || spec.shape.some((length, axis) => length !== expected[axis]))
    throw new DendriteError(
      'SHAPE',
      `${owner}: ${what} must be [${expected.join(', ')}], got [${spec.shape.join(', ')}].`,
    );
}
