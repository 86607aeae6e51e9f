import { hostKey, normals } from '@dendrite/random';
import { expect, test } from 'vitest';
import { floatSorter } from './sort-floats.ts';

test('sorts as sort does: zeros and infinities and all signs, longer and shorter columns after each other', () => {
  const odd = [0, -0, 1, -1, 1e-40, -1e-40, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, -3e38];
  const sorted = floatSorter();
  for (const values of [[], [5], odd, [...normals(hostKey(1), 1001)], odd])
    expect(sorted(values)).toEqual(Float32Array.from(values).sort());
});
