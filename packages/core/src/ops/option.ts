/** Checks of the numbers that ops take as options. */
import { DendriteError, type Shape } from '@dendrite/spec';

/** @throws OPTION  unless it is a finite number above 0. */
export function positive(operation: string, option: string, value: number): number {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new DendriteError('OPTION', `${operation}(): ${option} must be a number above 0, got ${value}.`);
  return value;
}

/** An axis counted from the front. @throws OPTION  unless −rank ≤ axis < rank. */
export function frontAxis(operation: string, axis: number, shape: Shape): number {
  const rank = shape.length;
  if (rank === 0)
    throw new DendriteError(
      'OPTION',
      `${operation}(): axis must name an axis, got ${axis} for a scalar, which has none.`,
    );
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new DendriteError(
      'OPTION',
      `${operation}(): axis must be a whole number from ${-rank} to ${rank - 1} for shape [${shape.join(', ')}], got ${axis}.`,
    );
  return axis < 0 ? axis + rank : axis;
}

/** Axes counted from the front, ascending; all of them by default. @throws OPTION  on one that is out of range or named twice. */
export function frontAxes(
  operation: string,
  axes: number | readonly number[] | undefined,
  shape: Shape,
): readonly number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const list = (typeof axes === 'number' ? [axes] : axes)
    .map((axis) => frontAxis(operation, axis, shape))
    .sort((a, b) => a - b);
  if (new Set(list).size !== list.length)
    throw new DendriteError(
      'OPTION',
      `${operation}(): each axis must be named once, got [${[axes].flat().join(', ')}] for shape [${shape.join(', ')}].`,
    );
  return list;
}

/** @throws OPTION  unless it is a whole number ≥ least. */
export function whole(operation: string, option: string, value: number, least = 0): number {
  if (!Number.isSafeInteger(value) || value < least)
    throw new DendriteError('OPTION', `${operation}(): ${option} must be a whole number ≥ ${least}, got ${value}.`);
  return value;
}
