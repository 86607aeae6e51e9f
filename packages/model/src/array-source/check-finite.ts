/** Whether values are finite, which whole numbers always are. */
import { DendriteError, type Numbers } from '@dendrite/spec';

/**
 * @param given  the values as the caller gave them, where `data` are those in another type
 * @throws DATA  with row and column of the first that is not
 */
export function checkFinite(
  data: Numbers,
  width: number,
  names: readonly string[] | undefined,
  given: ArrayLike<number> = data,
): void {
  if (!(data instanceof Float32Array)) return;
  if (allFinite(data)) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const column = i % width;
    const place = `in row ${Math.floor(i / width)}, column ${names ? `'${names[column]}'` : column}`;
    throw new DendriteError(
      'DATA',
      Number.isFinite(given[i])
        ? `x must fit float32, got ${given[i]} ${place}. Scale the column.`
        : `x must be finite numbers, got ${data[i]} ${place}. Fill it in, leave the row out, or give rows or a table, where forests take gaps.`,
    );
  }
}

/** By the engine's own search, which is fast from the first call on; part by part, so that all but the first find it in the cache. */
function allFinite(data: Float32Array): boolean {
  const part = 2 ** 16;
  for (let at = 0; at < data.length; at += part) {
    const values = data.subarray(at, at + part);
    if ([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].some((odd) => values.includes(odd)))
      return false;
  }
  return true;
}
