import type { Metric } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { metricConformance } from './metric-conformance.ts';

interface Sums {
  readonly right: number;
  readonly all: number;
}
const share: Metric<Sums> = {
  '~dendrite': 'metric',
  name: 'share',
  task: 'classification',
  init: () => ({ right: 0, all: 0 }),
  update: (state, { expected, predicted, sampleWeight }) => {
    let { right, all } = state;
    for (let i = 0; i < expected.length; i++) {
      const weight = sampleWeight?.[i] ?? 1;
      all += weight;
      if (expected[i] === predicted[i]) right += weight;
    }
    return { right, all };
  },
  merge: (a, b) => ({ right: a.right + b.right, all: a.all + b.all }),
  value: ({ right, all }) => right / all,
};

async function failing(metric: Metric<Sums>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, run } of metricConformance(() => metric, { perfect: 1 }))
    await run().catch(() => found.push(name));
  return found;
}

test('a sound metric passes', async () => {
  expect(await failing(share)).toEqual([]);
});

test.each<readonly [fault: string, broken: Partial<Metric<Sums>>, caught: string]>([
  ['merge forgets one part', { merge: (a) => a }, 'metric: merge joins two parts, in any order and grouping'],
  [
    'weights are ignored',
    { update: (state, part) => share.update(state, { ...part, sampleWeight: [] }) },
    'metric: a weight of n counts as n rows',
  ],
  [
    'only the last part counts',
    { update: (_state, part) => share.update(share.init(), part) },
    'metric: part by part is the whole',
  ],
  [
    'nothing is a full score',
    { value: (state) => (state.all === 0 ? 1 : share.value(state)) },
    'metric: of nothing it gives NaN or says so',
  ],
  ['a constant', { value: ({ all }) => (all === 0 ? Number.NaN : 0.5) }, 'metric: a perfect prediction'],
])('%s: caught', async (_fault, broken, caught) => {
  expect(await failing({ ...share, ...broken })).toContain(caught);
});
