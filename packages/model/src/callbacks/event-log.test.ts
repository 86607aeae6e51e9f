import type { ProgressEvent } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { nearestCentroid } from '../define-model/nearest-centroid.fixture.ts';
import { eventLog, fromEventLines, toEventLines } from './event-log.ts';

const data = { x: [[0], [1], [10], [11]], y: ['a', 'a', 'b', 'b'] };
const event: ProgressEvent = {
  unit: 'epoch',
  done: 1,
  of: 2,
  seconds: 0.5,
  examples: 4,
  metrics: { loss: Number.NaN, accuracy: 0.5, worst: Number.NEGATIVE_INFINITY },
  notice: 'on cpu, "quickly"\n',
};

test('what was written while it ran is the history that it ends with', async () => {
  let text = '';
  const waits: string[] = [];
  const fitted = await nearestCentroid().fit(data, {
    epochs: 3,
    callbacks: [
      eventLog({
        units: ['epoch'],
        write: async (line) => {
          await Promise.resolve();
          text += line;
          waits.push(line);
        },
      }),
    ],
  });
  expect(waits).toHaveLength(3);
  expect(fromEventLines(text)).toEqual(fitted.history);
  expect(fromEventLines(toEventLines(fitted.history))).toEqual(fitted.history);
});

test('numbers that JSON lacks come back; so do notices', () => {
  const text = toEventLines([event, { ...event, done: 2 }]);
  expect(text.split('\n')).toHaveLength(3);
  expect(fromEventLines(text)).toEqual([event, { ...event, done: 2 }]);
  expect(fromEventLines('')).toEqual([]);
});

test('an unfinished last line is passed over, a wrong one in the middle is named', () => {
  const second = { ...event, done: 2 };
  const text = toEventLines([event, second]);
  expect(fromEventLines(text.slice(0, -20))).toEqual([event]);
  expect(fromEventLines(text.slice(0, -1))).toEqual([event, second]);
  for (const wrong of [
    '{"unit":"epoch"}',
    '[]',
    'hello',
    '{"unit":"day","done":1,"of":1,"seconds":1,"examples":1,"metrics":{}}',
  ])
    expect(() => fromEventLines(`${toEventLines([event])}${wrong}\n${toEventLines([event])}`)).toThrow('in line 2.');
});

test('an error of the writer ends the run; units are checked', async () => {
  const full = eventLog({
    write: () => {
      throw new Error('disk full');
    },
  });
  await expect(nearestCentroid().fit(data, { callbacks: [full] })).rejects.toThrow('disk full');
  expect(() => eventLog({ write: () => {}, units: ['day' as never] })).toThrow(
    "units must be among batch, epoch, tree, got 'day'",
  );
});
