/** The attributes of windowed ops, read back with their types, and how many windows fit. */
import { type Attributes, DendriteError } from '@dendrite/spec';
import type { Both } from './padding.ts';

/** An attribute that holds a pair. */
export function pairAttribute(attributes: Attributes, name: string): Both {
  const value = attributes[name];
  const [height, width] = Array.isArray(value) ? value : [];
  if (typeof height !== 'number' || typeof width !== 'number')
    throw new DendriteError(
      'OPTION',
      `attribute ${name}: must be two numbers [height, width], got ${JSON.stringify(value)}.`,
    );
  return [height, width];
}

export interface WindowAttributes {
  readonly stride: Both;
  readonly dilation: Both;
  readonly before: Both;
  readonly after: Both;
}

export function windowAttributes(attributes: Attributes): WindowAttributes {
  return {
    stride: pairAttribute(attributes, 'stride'),
    dilation: attributes.dilation === undefined ? [1, 1] : pairAttribute(attributes, 'dilation'),
    before: pairAttribute(attributes, 'before'),
    after: pairAttribute(attributes, 'after'),
  };
}

/**
 * `floor((length + before + after − (size − 1)·dilation − 1) / stride) + 1` on both axes.
 * @throws SHAPE  if no window fits
 */
export function windowCount(
  owner: string,
  spatial: Both,
  size: Both,
  { stride, dilation, before, after }: WindowAttributes,
): Both {
  const count = (axis: 0 | 1): number =>
    Math.floor((spatial[axis] + before[axis] + after[axis] - (size[axis] - 1) * dilation[axis] - 1) / stride[axis]) + 1;
  const height = count(0);
  const width = count(1);
  if (height < 1 || width < 1)
    throw new DendriteError(
      'SHAPE',
      `${owner}: a window must fit into the padded image, got size [${size.join(', ')}] with dilation [${dilation.join(', ')}] on ${spatial.join(' × ')} padded by [${before.join(', ')}] and [${after.join(', ')}]. Use larger images, a smaller size, or padding 'same'.`,
    );
  return [height, width];
}
