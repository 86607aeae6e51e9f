import { expect, test } from 'vitest';
import { type Racer, race } from './race.ts';

/** Its loss is `scale / steps`, and a step takes `ms`. */
function racer(name: string, ms: number, { scale = 1, steps = Number.POSITIVE_INFINITY, fails = false } = {}): Racer {
  let done = 0;
  return {
    name,
    steps,
    async train(batches) {
      if (fails) throw new Error('no such op');
      return { losses: batches.map(() => scale / ++done), ms: ms * batches.length };
    },
    dispose: () => {},
  };
}

test('only a peer that arrives at our loss gets a ratio', async () => {
  const peers = [
    racer('same', 6),
    racer('other', 1, { scale: 2 }),
    racer('broken', 1, { fails: true }),
    racer('slow', 40, { steps: 3 }),
  ];
  const { rows, missing } = await race('net', racer('ours', 2), peers, { batches: 7, turn: 5, rounds: 3 });
  expect(rows.map(({ name, ratios }) => [name, ratios])).toEqual([
    ['net', { same: 3, slow: 20 }],
    ['net: first step', { same: 3, slow: 20 }],
  ]);
  expect(rows[0]?.notes).toMatchObject({
    'loss after 50': 0.02,
    'loss after 3': 0.33333,
    "slow's loss after 3": 0.33333,
  });
  expect(missing.map(({ peer }) => peer)).toEqual(['other', 'broken']);
  expect(missing[1]?.why).toContain('no such op');
});

test('a failure of ours is an error', async () => {
  const ours = racer('ours', 1, { fails: true });
  await expect(race('net', ours, [], { batches: 1, turn: 1, rounds: 1 })).rejects.toThrow('no such op');
});
