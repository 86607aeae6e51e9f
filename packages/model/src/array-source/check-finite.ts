/** Whether values are finite, which whole numbers always are. */
import { DendriteError, type Numbers } from '@dendrite/spec';

/** @throws DATA  with row and column of the first that is not */
export function checkFinite(data: Numbers, width: number, names: readonly string[] | undefined): void {
  if (!(data instanceof Float32Array)) return;
  // The engine's own search is fast from the first call on.
  const { NaN: notANumber, POSITIVE_INFINITY: most, NEGATIVE_INFINITY: least } = Number;
  if (!data.includes(notANumber) && !data.includes(most) && !data.includes(least)) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const column = i % width;
    throw new DendriteError(
      'DATA',
      `x must be finite numbers, got ${data[i]} in row ${Math.floor(i / width)}, column ${names ? `'${names[column]}'` : column}. Fill it in or leave the row out.`,
    );
  }
}
