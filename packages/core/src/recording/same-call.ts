/** Whether two calls of an op ask for the same: compared in place, for this runs at every call of a checked step. */
import type { Attributes } from '@dendrite/spec';

/** Element by element; NaN is itself, and −0 is not 0. */
export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Attributes of one content, in whatever order. */
export function sameAttributes(a: Attributes, b: Attributes): boolean {
  let count = 0;
  for (const name in a) {
    count++;
    const x = a[name];
    const y = b[name];
    if (Object.is(x, y)) continue;
    if (typeof x !== 'object' || typeof y !== 'object' || !sameNumbers(x, y)) return false;
  }
  for (const _ in b) count--;
  return count === 0;
}
