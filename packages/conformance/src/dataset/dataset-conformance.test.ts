import type { BatchOptions, DataSource, HostKey } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { numbersOf, shuffled } from '../inputs/numbers.ts';
import { datasetConformance } from './dataset-conformance.ts';

const key = (seed: number): HostKey => ({
  '~dendrite': 'host-key',
  words: [seed, 0],
  fork: (label) => key(seed * 31 + String(label).length),
});

interface Faults {
  readonly order?: (options: BatchOptions) => string;
  readonly skip?: number;
  readonly dropLast?: boolean;
  readonly fingerprint?: string;
}

/** Rows 0 … n − 1 of two numbers. */
function source(rows: readonly number[], faults: Faults = {}): DataSource {
  const {
    order = ({ shuffle, epoch }) => `${shuffle?.words.join()}/${epoch}`,
    skip = 0,
    dropLast = false,
    fingerprint,
  } = faults;
  return {
    '~dendrite': 'data',
    rows: rows.length,
    feature: { shape: [2], dtype: 'float32' },
    labels: ['odd', 'even'],
    fingerprint: async () => fingerprint ?? (rows.length * 1000 + (rows[0] ?? 0)).toString(16).padStart(64, '0'),
    targets: () => Int32Array.from(rows, (row) => row % 2),
    select: (indices) =>
      source(
        Array.from(indices, (index) => rows[index] ?? 0),
        faults,
      ),
    async *batches(options) {
      const places = options.shuffle ? shuffled(rows.length, numbersOf(order(options))) : rows.map((_, i) => i);
      for (
        let at = (options.skip ?? 0) * options.size + skip * ((options.skip ?? 0) > 0 ? 1 : 0);
        at < rows.length;
        at += options.size
      ) {
        const some = places.slice(at, at + options.size).map((place) => rows[place] ?? 0);
        if (dropLast && some.length < options.size) return;
        yield {
          rows: some.length,
          x: { data: Float32Array.from(some.flatMap((row) => [row, row * row])), shape: [some.length, 2] },
          y: Int32Array.from(some, (row) => row % 2),
        };
      }
    },
  };
}

async function failing(faults: Faults): Promise<readonly string[]> {
  const found: string[] = [];
  const rows = Array.from({ length: 13 }, (_, i) => i);
  for (const { name, run } of datasetConformance(() => source(rows, faults), { key }))
    await run().catch(() => found.push(name));
  return found;
}

test('a sound source passes', async () => {
  expect(await failing({})).toEqual([]);
});

test.each<readonly [fault: string, faults: Faults, caught: string]>([
  [
    'the epoch is ignored',
    { order: ({ shuffle }) => `${shuffle?.words.join()}` },
    'data set: the order is a function of key and epoch alone',
  ],
  [
    'the key is ignored',
    { order: ({ epoch }) => `${epoch}` },
    'data set: the order is a function of key and epoch alone',
  ],
  ['skip is one row too far', { skip: 1 }, 'data set: skip goes on exactly where a run was left'],
  ['the last batch is dropped', { dropLast: true }, 'data set: says how many rows, and gives each of them once'],
  ['one fingerprint for all', { fingerprint: '0'.repeat(64) }, 'data set: the fingerprint tells data apart'],
])('%s: caught', async (_fault, faults, caught) => {
  expect(await failing(faults)).toContain(caught);
});
