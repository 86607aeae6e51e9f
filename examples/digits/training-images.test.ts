/** What `pnpm replay` may ask of the digits. */
import { expect, test } from 'vitest';
import replayed from './training-images.ts';

test('the digits refuse what is no flag of theirs', async () => {
  await expect(replayed({ limt: '5' })).rejects.toThrow("flags must be data, limit, seed, random-labels, got 'limt'");
  await expect(replayed({ limit: 'x' })).rejects.toThrow("--limit must be a whole number of at least 20, got 'x'");
});
