/** What x, filters and attributes must agree on, for the convolution and both of its gradients. */
import { type Attributes, DendriteError, type TensorSpec } from '@dendrite/spec';
import { floatOnly, type ImageLengths, sameDtype } from '../window/image-rules.ts';
import { windowAttributes, windowCount } from '../window/window-attributes.ts';

/** Shape of the output, `[B, H', W', D]`. @throws SHAPE, DTYPE, OPTION */
export function convolutionShape(
  owner: string,
  x: ImageLengths,
  filters: TensorSpec,
  attributes: Attributes,
): readonly number[] {
  const [height, width, groupIn, outChannels] = filters.shape;
  if (
    filters.shape.length !== 4 ||
    height === undefined ||
    width === undefined ||
    groupIn === undefined ||
    outChannels === undefined
  )
    throw new DendriteError(
      'SHAPE',
      `${owner}: filters must be [height, width, channels / groups, filters], got [${filters.shape.join(', ')}].`,
    );
  floatOnly(owner, 'filters', filters);
  const groups = Number(attributes.groups);
  if (x.channels !== groupIn * groups)
    throw new DendriteError(
      'SHAPE',
      `${owner}: x must have ${groupIn * groups} channels for filters [${filters.shape.join(', ')}]${groups > 1 ? ` in ${groups} groups` : ''}, got ${x.channels}. Give images with ${groupIn * groups} channels, or make the filters for ${x.channels}.`,
    );
  if (outChannels % groups !== 0)
    throw new DendriteError(
      'OPTION',
      `${owner}: groups must divide the number of filters, got ${groups} groups for ${outChannels} filters.`,
    );
  const count = windowCount(owner, x.spatial, [height, width], windowAttributes(attributes));
  return [x.batch, ...count, outChannels];
}

/** The same for two tensors. */
export function checkedPair(
  owner: string,
  a: TensorSpec | undefined,
  b: TensorSpec | undefined,
  names: string,
): readonly [TensorSpec, TensorSpec] {
  if (!a || !b) throw new DendriteError('SHAPE', `${owner}: must have two inputs (${names}), got ${a ? 1 : 0}.`);
  sameDtype(owner, a, b, names);
  return [a, b];
}
