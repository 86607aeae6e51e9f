/** A history in a file: written, read back, appended to. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgressEvent } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { fromEventLines, toEventLines } from '../callbacks/event-log.ts';
import { nearestCentroid } from '../define-model/nearest-centroid.fixture.ts';
import { appendTo } from './append-to.ts';
import { fromHistoryFile, toHistoryFile } from './history-file.ts';

const event = (unit: ProgressEvent['unit'], done: number, seconds = done): ProgressEvent => ({
  ...{ unit, done, of: 9, seconds, examples: done },
  metrics: { loss: done === 2 ? Number.NaN : 1 / done },
});

test('comes back as it was', async () => {
  const data = { x: [[0], [1], [10], [11]], y: ['a', 'a', 'b', 'b'] };
  const run = nearestCentroid({ poison: 2 }).run(data, { epochs: 4 });
  for await (const { done } of run) if (done === 3) run.stop('enough');
  const fitted = await run.result;
  const text = toHistoryFile(fitted);
  const { model, history, stopped } = fromHistoryFile(text);
  expect([model, stopped]).toEqual([{ name: 'test/nearest-centroid', version: '1.0.0' }, 'enough']);
  expect(history).toEqual(fitted.history);
  expect(history[1]?.metrics.loss).toBeNaN();
  expect(text.split('\n')).toHaveLength(6);
  expect(fromHistoryFile(toHistoryFile({ ...fitted, history: [] })).history).toEqual([]);
});

test.each([
  ['no JSON', 'x', 'must have JSON'],
  ['null', 'null', 'must have named parts'],
  ['another format', '{"format":"dendrite"}', "must have format 'dendrite history' and version 1"],
  ['no model', '{"format":"dendrite history","version":1}', 'must have a model'],
  ['no events', '{"format":"dendrite history","version":1,"model":{"name":"a","version":"1"}}', 'must have events'],
  [
    'other events',
    '{"format":"dendrite history","version":1,"model":{"name":"a","version":"1"},"events":[{"unit":"day"}]}',
    'must have events of a run only, got {"unit":"day"}',
  ],
])('refuses %s', (_, text, message) => {
  expect(() => fromHistoryFile(text)).toThrow(message);
});

test('lines of a run that was set back: what was told again counts once', () => {
  const first = [
    event('batch', 1),
    event('batch', 2),
    event('epoch', 1),
    event('batch', 3),
    event('batch', 4),
    event('epoch', 2),
  ];
  const again = [event('batch', 3, 30), event('batch', 4, 40), event('epoch', 2, 41), event('batch', 5, 50)];
  expect(fromEventLines(toEventLines([...first, ...again]))).toEqual([...first.slice(0, 3), ...again]);
  const anew = [event('tree', 1), event('tree', 2), event('tree', 1, 9)];
  expect(fromEventLines(toEventLines(anew))).toEqual([event('tree', 1, 9)]);
});

test('appendTo(): makes the folder, keeps the order, leaves nothing open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dendrite-'));
  const path = join(folder, 'deep', 'log');
  const write = appendTo(path);
  await write('a');
  await write(new Uint8Array([98]));
  await appendTo(path)('c');
  expect(await readFile(path, 'utf8')).toBe('abc');
  await rm(folder, { recursive: true });
});

test('appendTo(): what the file system refuses is a typed error with its reason', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dendrite-'));
  await writeFile(join(folder, 'file'), '');
  await expect(appendTo(join(folder, 'file', 'log'))('a')).rejects.toMatchObject({
    code: 'DATA',
    message: expect.stringMatching(/^appendTo\('.*log'\): appending must be possible, got E/),
  });
  await rm(folder, { recursive: true });
});
