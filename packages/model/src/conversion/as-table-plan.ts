/** What a table or rows of objects must hold for a model that was trained on values. */
import { DendriteError } from '@dendrite/spec';
import type { Preprocessing, TablePreprocessing } from '../preprocessing/preprocessing.ts';

/** A values preprocessing read by name: what a table or rows of objects must hold. */
export function asTablePlan(preprocessing: Preprocessing, where: string): TablePreprocessing {
  if (preprocessing.kind === 'table') return preprocessing;
  const size = preprocessing.shape.reduce((product, n) => product * n, 1);
  if (preprocessing.names === undefined && preprocessing.shape.length !== 1) {
    throw new DendriteError(
      'DATA',
      `${where}: this model was trained on arrays of shape [rows, ${preprocessing.shape.join(', ')}] and must get such, got a table. Give { data, shape }.`,
    );
  }
  const names = preprocessing.names ?? Array.from({ length: size }, (_, i) => `x${i}`);
  return { kind: 'table', columns: names.map((name) => ({ name, kind: 'number' })) };
}
