/** What one example is once it is encoded. */
import type { TensorSpec } from '@dendrite/spec';
import type { Preprocessing } from './preprocessing.ts';

/** The encoded example's shape and dtype, where a model reads batches. */
export function featureOf(preprocessing: Preprocessing): TensorSpec {
  if (preprocessing.kind === 'values') return { shape: preprocessing.shape, dtype: preprocessing.dtype };
  const width = preprocessing.columns.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
  return { shape: [width], dtype: 'float32' };
}
