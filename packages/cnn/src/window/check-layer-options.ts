/** Misspelt options of convolution and pooling layers. */
import { DendriteError } from '@dendrite/spec';

/** @throws OPTION  unless it is an object with none but these names */
export function checkLayerOptions(owner: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw new DendriteError(
      'OPTION',
      `${owner}(): options must be an object with ${names.join(', ')}, got ${String(options)}.`,
    );
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw new DendriteError(
        'OPTION',
        `${owner}(): options must be among ${names.join(', ')}, got '${name}'. ${elsewhere(name)}`,
      );
}

const elsewhere = (name: string): string =>
  name === 'kernelSize' || name === 'kernel_size' || name === 'poolSize'
    ? 'It is called size here.'
    : name === 'strides'
      ? 'It is called stride here.'
      : 'Check the spelling.';
