/** Fewer rows of a source, with its classes in their shares. */
import { stratifiedSplit } from '@dendrite/model';
import { hostKey, permutation } from '@dendrite/random';
import { type DataSource, DendriteError, type Label } from '@dendrite/spec';

/**
 * `count` rows drawn by the seed, each class giving its share; all rows where there are no more. Files may be sorted by
 * class, so the first rows would not do. Fewer rows than classes are drawn from all rows alike.
 * @throws OPTION  unless `count` is a positive integer
 * @example
 * import { arraySource, takePerClass } from '@dendrite/datasets';
 * const source = arraySource({ x: { data: new Float32Array(90), shape: [90, 1] }, targets: new Float32Array(90) });
 * takePerClass(source, 30, 7).rows; // 30
 */
export function takePerClass<T extends Label>(source: DataSource<T>, count: number, seed = 0): DataSource<T> {
  if (!(Number.isInteger(count) && count > 0)) {
    throw new DendriteError('OPTION', `takePerClass(): count must be a positive integer, got ${count}.`);
  }
  const { rows } = source;
  if (count >= rows) return source;
  const { train } = stratifiedSplit(source, { fraction: (rows - count) / rows, seed });
  if (train.rows === count) return train;
  return source.select(permutation(hostKey(seed).fork('take'), rows).slice(0, count).sort());
}
