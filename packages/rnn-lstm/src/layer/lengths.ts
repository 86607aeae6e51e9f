/** Lengths of ragged sequences as the ops take them. */
import { DendriteError, type Runtime, type Tensor } from '@dendrite/spec';

/** @throws DATA, SHAPE  for a number of lengths that is not the batch's, or (on the host) one that is no whole number from 0 to the steps */
export function lengthsOf(
  owner: string,
  lengths: Tensor | readonly number[] | undefined,
  runtime: Runtime,
  batch: number,
  steps: number,
): Tensor | undefined {
  if (lengths === undefined || '~dendrite' in lengths) return lengths;
  if (lengths.length !== batch)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): lengths must be one for each of the ${batch} sequences, got ${lengths.length}.`,
    );
  const wrong = lengths.findIndex((length) => !Number.isInteger(length) || length < 0 || length > steps);
  if (wrong >= 0)
    throw new DendriteError(
      'DATA',
      `${owner}(): lengths must be whole numbers from 0 to ${steps}, the steps of x, got ${lengths[wrong]} for sequence ${wrong}.`,
    );
  return runtime.tensor(Int32Array.from(lengths), [batch], 'int32');
}
