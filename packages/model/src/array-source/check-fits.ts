/** Whether doubles fit the float32 that they become. */
import { DendriteError, type Shape } from '@dendrite/spec';

/** @throws DATA  for one that would become infinite */
export function checkFits(data: Float64Array, shape: Shape, where: string): void {
  const at = data.findIndex((value) => Number.isFinite(value) && !Number.isFinite(Math.fround(value)));
  if (at < 0) return;
  const width = shape.slice(1).reduce((product, n) => product * n, 1);
  throw new DendriteError(
    'DATA',
    `${where}: x must fit float32, got ${data[at]} in row ${Math.floor(at / width)}, column ${at % width}. Scale the column.`,
  );
}
