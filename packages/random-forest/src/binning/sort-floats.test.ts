import { hostKey, normals } from '@dendrite/random';
import { expect, test } from 'vitest';
import { sortedFloats } from './sort-floats.ts';

test('sorts as sort does, zeros and infinities and all signs', () => {
  const odd = [0, -0, 1, -1, 1e-40, -1e-40, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, -3e38];
  for (const values of [[], [5], odd, [...normals(hostKey(1), 1001)]])
    expect(sortedFloats(values)).toEqual(Float32Array.from(values).sort());
});
