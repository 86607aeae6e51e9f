/** Values against reference values: relative to the largest of the tensor, NaN for NaN, infinity for infinity. */
import type { HostTensor, Shape } from '@dendrite/spec';
import { check } from '../kit/kit-case.ts';

export interface Comparison {
  readonly passed: boolean;
  /** Largest |a − b|, relative to the largest finite reference value (or `floor`); infinite where a NaN or an infinity is not met. */
  readonly worst: number;
  /** Where, and what was there. */
  readonly text: string;
}

/**
 * `|a − b| ≤ tolerance · max(largest finite |b|, floor)` for each element.
 * @param floor  smallest yardstick: keeps a tensor of near-zeros from asking for the impossible
 */
export function compare(actual: HostTensor, expected: HostTensor, tolerance: number, floor = 1e-3): Comparison {
  if (!sameShape(actual.shape, expected.shape))
    return failed(`shape must be [${expected.shape.join(', ')}], got [${actual.shape.join(', ')}]`);
  const count = expected.data.length;
  if (actual.data.length !== count) return failed(`must have ${count} elements, got ${actual.data.length}`);
  let largest = floor;
  for (let i = 0; i < count; i++) {
    const size = Math.abs(expected.data[i] as number);
    if (Number.isFinite(size) && size > largest) largest = size;
  }
  let worst = 0;
  let at = -1;
  for (let i = 0; i < count; i++) {
    const off = distance(actual.data[i] as number, expected.data[i] as number) / largest;
    if (off > worst) {
      worst = off;
      at = i;
    }
  }
  const text =
    at < 0
      ? 'equal'
      : `element [${position(at, expected.shape).join(', ')}] must be ${expected.data[at]}, got ${actual.data[at]} (off by ${worst.toPrecision(3)} of the largest value, ${largest}; allowed ${tolerance})`;
  return { passed: worst <= tolerance, worst, text };
}

/** @throws ConformanceFailure  naming `what` and the worst element */
export function checkClose(
  what: string,
  actual: HostTensor,
  expected: HostTensor,
  tolerance: number,
  floor?: number,
): void {
  const { passed, text } = compare(actual, expected, tolerance, floor);
  check(passed, `${what}: ${text}`);
}

/** @throws ConformanceFailure  unless all bits agree (any NaN equals any NaN) */
export function checkSameBits(what: string, actual: HostTensor, expected: HostTensor): void {
  check(
    sameShape(actual.shape, expected.shape),
    () => `${what}: shape must be [${expected.shape.join(', ')}], got [${actual.shape.join(', ')}]`,
  );
  for (let i = 0; i < expected.data.length; i++)
    check(
      Object.is(actual.data[i], expected.data[i]),
      () =>
        `${what}: element [${position(i, expected.shape).join(', ')}] must be ${expected.data[i]}, got ${actual.data[i]}`,
    );
}

const failed = (text: string): Comparison => ({ passed: false, worst: Number.POSITIVE_INFINITY, text });

function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY;
  return Math.abs(a - b);
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);

export function position(index: number, shape: Shape): number[] {
  const place: number[] = [];
  let rest = index;
  for (const length of [...shape].reverse()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return place;
}
