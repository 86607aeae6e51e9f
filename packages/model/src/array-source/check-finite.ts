/** Whether values are finite, which whole numbers always are. */
import { DendriteError, type Numbers } from '@dendrite/spec';

/** @throws DATA  with row and column of the first that is not */
export function checkFinite(data: Numbers, width: number, names: readonly string[] | undefined): void {
  if (!(data instanceof Float32Array)) return;
  // Zero times what is not finite is not a number: one sum tells of all.
  let zeros = 0;
  for (let i = 0; i < data.length; i++) zeros += 0 * (data[i] as number);
  if (zeros === 0) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const column = i % width;
    throw new DendriteError(
      'DATA',
      `x must be finite numbers, got ${data[i]} in row ${Math.floor(i / width)}, column ${names ? `'${names[column]}'` : column}. Fill it in or leave the row out.`,
    );
  }
}
