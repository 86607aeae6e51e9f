/** Whether values are finite, which whole numbers always are. */
import { DendriteError, type Numbers } from '@dendrite/spec';

/** @throws DATA  with row and column of the first that is not */
export function checkFinite(data: Numbers, width: number, names: readonly string[] | undefined, where: string): void {
  if (!(data instanceof Float32Array)) return;
  if (allFinite(data)) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const column = i % width;
    throw new DendriteError(
      'DATA',
      `${where}: x must be finite numbers, got ${data[i]} in row ${Math.floor(i / width)}, column ${names ? `'${names[column]}'` : column}. Fill it in, leave the row out, or give rows, where forests take gaps.`,
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
