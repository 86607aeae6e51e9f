import { expect, test } from 'vitest';
import { turns } from './turns.ts';

test('each side says how long it took, and the median of a run counts', async () => {
  let asked = 0;
  const side = (ms: number) => (times: number) => {
    asked += 1;
    return ms * times;
  };
  expect(await turns([side(2), side(0.5)], { sampleMs: 1, samples: 3 })).toEqual([2, 0.5]);
  expect(asked).toBeGreaterThan(6);
});

test('a side that takes too long is run three times at most', async () => {
  let asked = 0;
  const [slow] = await turns([() => 500 + asked++], { sampleMs: 1, samples: 20 });
  expect(slow).toBe(501.5);
  expect(asked).toBe(3);
});
