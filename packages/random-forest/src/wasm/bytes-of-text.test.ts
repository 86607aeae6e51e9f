// WebAssembly as text: all bytes there and back, and letters that any file may hold.
import { expect, test } from 'vitest';
import { bytesOfText, textOfBytes } from './bytes-of-text.ts';

test('every byte behind every other comes back, from text of plain ASCII without quotes', () => {
  const bytes = Uint8Array.from({ length: 2 * 256 * 256 }, (_, i) => (i % 2 === 0 ? i >> 9 : i >> 1) & 255);
  const text = textOfBytes(bytes);
  expect(text).toMatch(/^[(-~]+$/);
  expect(bytesOfText(text)).toEqual(bytes);
  expect(bytesOfText('')).toEqual(new Uint8Array(0));
});
