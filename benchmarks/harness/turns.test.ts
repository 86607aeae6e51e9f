import { expect, test } from 'vitest';
import { turns } from './turns.ts';

test('each side says how long it took, for one run', async () => {
  let asked = 0;
  const side = (ms: number) => (times: number) => {
    asked += 1;
    return ms * times;
  };
  expect(await turns([side(2), side(0.5)], { sampleMs: 1, samples: 2 })).toEqual([
    [2, 2],
    [0.5, 0.5],
  ]);
  expect(asked).toBeGreaterThan(6);
});

test('a side that takes too long is run three times at most', async () => {
  let asked = 0;
  const [slow] = await turns([() => 500 + asked++], { sampleMs: 1, samples: 20 });
  expect(slow).toEqual([501, 502, 503]);
  expect(asked).toBe(4);
});

test('on several threads a side works for a while between the pause and its sample', async () => {
  const asked: number[] = [];
  const [samples] = await turns(
    [
      () => {
        asked.push(performance.now());
        return 10;
      },
    ],
    { sampleMs: 1, samples: 1, threads: 2 },
  );
  expect(samples).toEqual([10]);
  // Four times 10 ms untimed behind the pause, then the sample.
  const [before = 0, first = 0] = asked.slice(-6);
  expect(first - before).toBeGreaterThan(50);
});
