import { arraySource } from '@dendrite/model';
import { hostKey } from '@dendrite/random';
import type { DataSource } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { augmentedImages } from './augmented-images.ts';

/** Seven pictures of 3 × 4, one pixel each, two channels. */
const pictures = (): DataSource =>
  arraySource({
    x: {
      data: Uint8Array.from({ length: 7 * 24 }, (_, i) =>
        i % 24 === 10 ? 1 + Math.floor(i / 24) : i % 24 === 11 ? 99 : 0,
      ),
      shape: [7, 3, 4, 2],
    },
    targets: [0, 1, 2, 3, 4, 5, 6],
  });
async function read(
  source: DataSource,
  options: Partial<Parameters<DataSource['batches']>[0]> = {},
): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const { x, rows: count } of source.batches({ size: 3, epoch: 0, ...options }))
    for (let i = 0; i < count; i++) rows.push(Array.from(x.data.slice(24 * i, 24 * (i + 1))));
  return rows;
}
const shuffle = hostKey(4);

test('moves each picture by its own offset; both channels alike; what comes in is 0', async () => {
  const [plain, moved] = [
    await read(pictures(), { shuffle }),
    await read(augmentedImages(pictures(), { shift: 1 }), { shuffle }),
  ];
  const places = moved.map((row, i) => {
    expect(row.filter((value) => value > 0)).toEqual(plain[i]?.filter((value) => value > 0));
    const at = row.findIndex((value) => value > 0);
    expect(row[at + 1]).toBe(99);
    return at / 2;
  });
  // The pixel stands in the middle row, second column: 5 ± 1 ± 4.
  for (const place of places) expect([0, 1, 2, 4, 5, 6, 8, 9, 10]).toContain(place);
  expect(new Set(places).size).toBeGreaterThan(2);
});

test('the same key and epoch draw the same, in whole and from the middle; another epoch draws otherwise', async () => {
  const source = augmentedImages(pictures());
  const whole = await read(source, { shuffle });
  expect(await read(source, { shuffle })).toEqual(whole);
  expect(await read(source, { shuffle, skip: 1 })).toEqual(whole.slice(3));
  expect(await read(source, { shuffle, epoch: 1 })).not.toEqual(whole);
});

test('only what is read shuffled is changed', async () => {
  const source = augmentedImages(pictures());
  expect(await read(source)).toEqual(await read(pictures()));
  expect(Array.from(source.targets())).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(await read(source.select(new Uint32Array([6, 1])))).toEqual(
    await read(pictures().select(new Uint32Array([6, 1]))),
  );
});

test('mirrors half of them', async () => {
  const many = arraySource({ x: { data: Uint8Array.from({ length: 400 }, (_, i) => i % 2), shape: [200, 1, 2] } });
  const seen: number[] = [];
  for await (const { x } of augmentedImages(many, { shift: 0, flip: true }).batches({ size: 50, epoch: 0, shuffle }))
    for (let i = 0; i < x.data.length; i += 2) seen.push(x.data[i] as number);
  const mirrored = seen.filter((value) => value === 1).length;
  expect(seen).toHaveLength(200);
  // 200 fair coins: four deviations of √50 around 100.
  expect(Math.abs(mirrored - 100)).toBeLessThan(29);
});

test('another augmentation is other data', async () => {
  const prints = await Promise.all(
    [
      pictures(),
      augmentedImages(pictures()),
      augmentedImages(pictures(), { shift: 1 }),
      augmentedImages(pictures(), { flip: true }),
    ].map((source) => source.fingerprint()),
  );
  expect(new Set(prints).size).toBe(4);
  for (const print of prints) expect(print).toMatch(/^[0-9a-f]{64}$/);
});

test('wrong use', () => {
  expect(() => augmentedImages(arraySource({ x: { data: new Uint8Array(6), shape: [2, 3] } }))).toThrow(
    'augmentedImages(): pictures must be [H, W] or [H, W, C], got [3].',
  );
  expect(() => augmentedImages(pictures(), { shift: 0.5 })).toThrow(
    'shift must be a whole number of at least 0, got 0.5',
  );
});
