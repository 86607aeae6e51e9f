/** Whether there is anything to learn from. */
import { DendriteError } from '@dendrite/spec';
import type { ValuesPreprocessing } from '../preprocessing/preprocessing.ts';

/** @throws DATA  where an example has no number at all */
export function checkedWidth(preprocessing: ValuesPreprocessing, where: string): ValuesPreprocessing {
  if (preprocessing.shape.every((n) => n > 0)) return preprocessing;
  throw new DendriteError(
    'DATA',
    `${where}: an example must have at least one number, got the shape [${preprocessing.shape.join(', ')}].`,
  );
}
