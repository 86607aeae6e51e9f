/** Every length of one pooling, and a walk over its windows. */
import type { Attributes, Shape } from '@dendrite/spec';
import type { Both } from './padding.ts';
import { pairAttribute, windowAttributes } from './window-attributes.ts';

export interface PoolGeometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly size: Both;
  readonly stride: Both;
  readonly before: Both;
}

export function poolGeometry(x: Shape, y: Shape, attributes: Attributes): PoolGeometry {
  const [batch = 0, height = 0, width = 0, channels = 0] = x;
  const [, outHeight = 0, outWidth = 0] = y;
  const { stride, before } = windowAttributes(attributes);
  return {
    batch,
    height,
    width,
    channels,
    outHeight,
    outWidth,
    size: pairAttribute(attributes, 'size'),
    stride,
    before,
  };
}

/**
 * Calls `visit` for each window with the first element of its output and the part of the image under it: rows `[top, bottom)`,
 * columns `[left, right)`, padding cut off.
 */
export function forEachWindow(
  g: PoolGeometry,
  visit: (image: number, at: number, top: number, bottom: number, left: number, right: number) => void,
): void {
  let at = 0;
  for (let image = 0; image < g.batch; image++)
    for (let i = 0; i < g.outHeight; i++) {
      const top = i * g.stride[0] - g.before[0];
      for (let j = 0; j < g.outWidth; j++) {
        const left = j * g.stride[1] - g.before[1];
        visit(
          image,
          at,
          Math.max(0, top),
          Math.min(g.height, top + g.size[0]),
          Math.max(0, left),
          Math.min(g.width, left + g.size[1]),
        );
        at += g.channels;
      }
    }
}
