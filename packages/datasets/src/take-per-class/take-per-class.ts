/** Fewer rows of a source, with its classes in their shares. */
import { stratifiedSplit } from '@dendrite/model';
import { hostKey, permutation } from '@dendrite/random';
import type { DataSource, Label } from '@dendrite/spec';

/**
 * `count` rows drawn by the seed, each class giving its share; all rows where there are no more. Files may be sorted by
 * class, so the first rows would not do. Fewer rows than classes are drawn from all rows alike.
 */
export function takePerClass<T extends Label>(source: DataSource<T>, count: number, seed: number): DataSource<T> {
  const { rows } = source;
  if (count >= rows) return source;
  const { train } = stratifiedSplit(source, { fraction: (rows - count) / rows, seed });
  if (train.rows === count) return train;
  return source.select(permutation(hostKey(seed).fork('take'), rows).slice(0, count).sort());
}
