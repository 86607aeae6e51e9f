/** Who shares memory with whom. */
import { expect, test } from 'vitest';
import { place } from './placement.ts';

test('values share a buffer where their lives do not overlap, largest first', () => {
  expect(place([])).toEqual({ buffers: [], at: [] });
  const { buffers, at } = place([
    { bytes: 64, from: 0, until: 2 },
    { bytes: 256, from: 1, until: 3 },
    { bytes: 128, from: 2, until: 4 }, // when the first is gone, while the second lives
    { bytes: 64, from: 3, until: 5 }, // when the second is gone
    { bytes: 64, from: 3, until: 4 }, // beside all others
  ]);
  expect(buffers).toEqual([256, 128, 64]);
  expect(at).toEqual([1, 0, 1, 0, 2]);
});
