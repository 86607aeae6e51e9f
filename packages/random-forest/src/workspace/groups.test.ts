/** Where columns lie side by side the forests are those of columns that lie apart. */
import { hostKey, integers, normals } from '@dendrite/random';
import { toBytes } from '@dendrite/safetensors';
import { expect, test, vi } from 'vitest';
import { randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';
import type * as HowMany from '../workers/how-many.ts';
import { groupFor, groupWidth, layoutOf } from './workspace.ts';

// So small a table would stay with the caller.
vi.mock('../workers/how-many.ts', async (original) => ({
  ...(await original<typeof HowMany>()),
  workersFor: (asked: number | 'auto') => (asked === 'auto' ? 1 : asked),
}));

const [rows, features] = [1_100, 130] as const;
const shape = [rows, features];
const bytes = Uint8Array.from(integers(hostKey(1), rows * features, 256));
const noise = Float32Array.from(normals(hostKey(2), rows * features));
const y = Array.from(noise.subarray(0, rows), (value, i) => value + (noise[i * features + 129] as number));
const classes = y.map((value) => Math.floor(value) % 3);

test('which tables lie in groups', () => {
  const table = { rows: 10_000, features: 784, codeBytes: 1 } as const;
  expect(groupFor(table, 20)).toBe(groupWidth);
  for (const other of [
    { rows: 60_000 },
    { rows: 1000 },
    { features: 20 },
    { features: 10_001 },
    { codeBytes: 4 } as const,
  ])
    expect(groupFor({ ...table, ...other }, 20)).toBe(1);
  expect(groupFor(table, 100)).toBe(1);
  const sizes = { ...table, classes: 10, growers: 1, votes: 0 };
  const two = layoutOf({ ...sizes, group: 1 });
  const one = layoutOf({ ...sizes, group: groupWidth });
  expect(two.bytes - one.bytes).toBeGreaterThan(0.9 * 784e4);
});

test.each([
  ['bytes', bytes],
  ['numbers that are bytes', Float32Array.from(bytes)],
  ['whole numbers', Int32Array.from(bytes, (value) => 3 * value)],
  ['numbers', noise],
] as const)('%s: every engine, any number of workers, and what JavaScript grows', async (_, data) => {
  const x = { data, shape };
  for (const model of [
    (options: object) => randomForestClassifier({ trees: 3, ...options }).fit({ x, y: classes }, { seed: 5 }),
    (options: object) => randomForestRegressor({ trees: 2, ...options }).fit({ x, y }, { seed: 5 }),
  ]) {
    const apart = await model({ engine: 'js' });
    for (const options of [{ engine: 'wasm' }, { workers: 2 }]) {
      const grouped = await model(options);
      expect(grouped.engine).toBe('wasm');
      expect(Buffer.compare(toBytes(await grouped.save()), toBytes(await apart.save()))).toBe(0);
      if ('engine' in options)
        expect(await grouped.importance('permutation')).toEqual(await apart.importance('permutation'));
    }
  }
  const odd = { trees: 1, criterion: 'entropy', maxDepth: 4 } as const;
  const [script, other] = await Promise.all(
    (['js', 'auto'] as const).map((engine) =>
      randomForestClassifier({ ...odd, engine }).fit({ x, y: classes }, { seed: 5 }),
    ),
  );
  expect(await other?.text(0)).toBe(await script?.text(0));
});

test('a forest gone on from bins columns in groups as before', async () => {
  const x = { data: Float32Array.from(bytes), shape };
  const forest = (engine: 'wasm' | 'js', trees: number) => randomForestClassifier({ engine, trees });
  const saved = await (await forest('js', 1).fit({ x, y: classes }, { seed: 1 })).save();
  const [grouped, apart] = await Promise.all(
    (['wasm', 'js'] as const).map((engine) => forest(engine, 3).fit({ x, y: classes }, { seed: 1, from: saved })),
  );
  expect(await grouped?.text(2)).toBe(await apart?.text(2));
});
