import { hostKey } from '@dendrite/random';
import type { BatchOptions, DataSource } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { arraySource } from './array-source.ts';

const five = (): DataSource<string> =>
  arraySource({
    x: { data: Float32Array.from({ length: 10 }, (_, i) => i), shape: [5, 2] },
    targets: [0, 1, 2, 1, 0],
    labels: ['a', 'b', 'c'],
    names: ['u', 'v'],
    sampleWeight: [1, 2, 3, 4, 5],
  });

/** Copies of what `batches` gives: the buffers are reused. */
async function collect(
  source: DataSource,
  options: BatchOptions,
): Promise<{ x: number[]; shape: readonly number[]; y: number[]; weight: number[] }[]> {
  const found = [];
  for await (const { x, y, sampleWeight } of source.batches(options)) {
    found.push({ x: [...x.data], shape: x.shape, y: [...(y ?? [])], weight: [...(sampleWeight ?? [])] });
  }
  return found;
}

describe('arraySource(): batches', () => {
  test('in order, the last one short', async () => {
    expect(await collect(five(), { size: 2, epoch: 0 })).toEqual([
      { x: [0, 1, 2, 3], shape: [2, 2], y: [0, 1], weight: [1, 2] },
      { x: [4, 5, 6, 7], shape: [2, 2], y: [2, 1], weight: [3, 4] },
      { x: [8, 9], shape: [1, 2], y: [0], weight: [5] },
    ]);
    expect(await collect(five(), { size: 100, epoch: 0 })).toHaveLength(1);
  });

  test('shuffled: x, y and weights stay together; the order depends on key and epoch alone', async () => {
    const shuffle = hostKey(7).fork('shuffle');
    const [one] = await collect(five(), { size: 5, epoch: 3, shuffle });
    const again = await collect(five(), { size: 2, epoch: 3, shuffle });
    expect(again.flatMap(({ x }) => x)).toEqual(one?.x);
    expect(one?.x.filter((_, i) => i % 2 === 0).map((value) => value / 2 + 1)).toEqual(one?.weight);
    expect(one?.y).toEqual(one?.weight.map((weight) => [0, 1, 2, 1, 0][weight - 1]));
    expect([...(one?.weight ?? [])].sort()).toEqual([1, 2, 3, 4, 5]);
    const orders = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (epoch) => (await collect(five(), { size: 5, epoch, shuffle }))[0]?.weight.join()),
    );
    expect(new Set(orders).size).toBeGreaterThan(3);
  });

  test('skip leaves the first batches out and changes nothing else', async () => {
    const options = { size: 2, epoch: 1, shuffle: hostKey(1) };
    const all = await collect(five(), options);
    expect(await collect(five(), { ...options, skip: 1 })).toEqual(all.slice(1));
    expect(await collect(five(), { ...options, skip: 3 })).toEqual([]);
  });

  test('gathers into one buffer; in order it gives views of the data', async () => {
    const data = new Uint8Array([1, 2, 3, 4]);
    const source = arraySource({ x: { data, shape: [4, 1] } });
    const buffers = new Set<ArrayBufferLike>();
    for await (const { x, y } of source.batches({ size: 1, epoch: 0, shuffle: hostKey(0) })) {
      buffers.add(x.data.buffer);
      expect(y).toBeUndefined();
    }
    expect(buffers.size).toBe(1);
    expect(buffers.has(data.buffer)).toBe(false);
    for await (const { x } of source.batches({ size: 3, epoch: 0 })) expect(x.data.buffer).toBe(data.buffer);
  });

  test('wide rows are gathered like narrow ones', async () => {
    const data = Int32Array.from({ length: 3 * 50 }, (_, i) => i);
    const source = arraySource({ x: { data, shape: [3, 5, 10] } }).select(new Uint32Array([2, 0]));
    const [batch] = await collect(source, { size: 2, epoch: 0 });
    expect(batch?.shape).toEqual([2, 5, 10]);
    expect(batch?.x).toEqual([...data.slice(100, 150), ...data.slice(0, 50)]);
  });

  test.each([0, 1.5, -1, Number.NaN])('refuses the size %d', async (size) => {
    await expect(collect(five(), { size, epoch: 0 })).rejects.toThrow(
      `batches(): size must be a positive integer, got ${size}.`,
    );
  });
  test('refuses a negative skip', async () => {
    await expect(collect(five(), { size: 1, epoch: 0, skip: -1 })).rejects.toThrow(
      'skip must be an integer of at least 0, got -1',
    );
  });
});

describe('arraySource(): the rest of a source', () => {
  test('feature types: float32, uint8 and int32 stay, others become float32', () => {
    const dtype = (data: Float32Array | Uint8Array | Int32Array | Float64Array | Uint16Array): string =>
      arraySource({ x: { data, shape: [data.length] } }).feature.dtype;
    expect(
      [new Float32Array(1), new Uint8Array(1), new Int32Array(1), new Float64Array(1), new Uint16Array(1)].map(dtype),
    ).toEqual(['float32', 'uint8', 'int32', 'float32', 'float32']);
  });

  test('targets: codes as Int32Array, numbers as Float64Array with all their digits', () => {
    expect(five().targets()).toEqual(new Int32Array([0, 1, 2, 1, 0]));
    const numbers = arraySource({ x: { data: new Float32Array(2), shape: [2, 1] }, targets: [0.1, -2] });
    expect(numbers.targets()).toEqual(new Float64Array([0.1, -2]));
    expect(numbers.labels).toBeUndefined();
  });

  test('select: rows in the order asked, also twice and of a selection', async () => {
    const source = five()
      .select(new Uint32Array([4, 2, 2]))
      .select(new Uint32Array([1, 0]));
    expect(source.rows).toBe(2);
    expect(source.targets()).toEqual(new Int32Array([2, 0]));
    expect(await collect(source, { size: 4, epoch: 0 })).toEqual([
      { x: [4, 5, 8, 9], shape: [2, 2], y: [2, 0], weight: [3, 5] },
    ]);
    expect(() => source.select(new Uint32Array([2]))).toThrow(
      'an index must be below 2, the number of rows, got 2 at position 0',
    );
  });

  test('columns: one an element, in the data’s own type', () => {
    expect(
      five()
        .select(new Uint32Array([4, 0]))
        .columns?.().columns,
    ).toEqual([
      { name: 'u', kind: 'number', values: new Float32Array([8, 0]) },
      { name: 'v', kind: 'number', values: new Float32Array([9, 1]) },
    ]);
    const image = arraySource({ x: { data: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), shape: [2, 2, 2] } });
    expect(image.columns?.().columns.map(({ name, values }) => [name, values])).toEqual(
      [0, 1, 2, 3].map((j) => [`x${j}`, new Uint8Array([1 + j, 5 + j])]),
    );
  });

  test('fingerprints: of the content, not of the object', async () => {
    expect(await five().fingerprint()).toBe(await five().fingerprint());
    const first = await five()
      .select(new Uint32Array([0, 1]))
      .fingerprint();
    expect(first).not.toBe(await five().fingerprint());
    expect(first).not.toBe(
      await five()
        .select(new Uint32Array([1, 0]))
        .fingerprint(),
    );
  });

  test('no rows at all', async () => {
    const empty = arraySource({ x: { data: new Float32Array(0), shape: [0, 3] }, targets: [] });
    expect([
      empty.rows,
      empty.targets().length,
      await collect(empty, { size: 4, epoch: 0, shuffle: hostKey(0) }),
    ]).toEqual([0, 0, []]);
    expect(empty.columns?.().columns).toHaveLength(3);
  });
});

describe('arraySource(): what it refuses', () => {
  const x = { data: new Float32Array(4), shape: [2, 2] };
  test.each([
    [
      'a wrong shape',
      () => arraySource({ x: { ...x, shape: [3, 2] } }),
      'x.shape must be [rows, ...example] of x.data, got [3, 2] for 4 numbers',
    ],
    ['no shape', () => arraySource({ x: { data: new Float32Array(1), shape: [] } }), 'got [] for 1 numbers'],
    [
      'NaN',
      () => arraySource({ x: { data: new Float32Array([0, 0, 0, Number.NaN]), shape: [2, 2] } }),
      'x must be finite numbers, got NaN in row 1, column 1.',
    ],
    [
      'beyond float32',
      () => arraySource({ x: { data: new Float64Array([0, 0, 1e300, 0]), shape: [2, 2] } }),
      'x must fit float32, got 1e+300 in row 1, column 0. Scale the column.',
    ],
    [
      'infinity, named',
      () =>
        arraySource({ x: { data: new Float32Array([0, Number.NEGATIVE_INFINITY]), shape: [1, 2] }, names: ['u', 'v'] }),
      "got -Infinity in row 0, column 'v'",
    ],
    [
      'too few targets',
      () => arraySource({ x, targets: [1] }),
      'arraySource(): x and y must have as many rows, got 2 in x and 1 in y',
    ],
    [
      'a code without a label',
      () => arraySource({ x, targets: [0, 2], labels: ['a', 'b'] }),
      'arraySource(): a target must be a code from 0 to 1, got 2 in row 1',
    ],
    [
      'a target of NaN',
      () => arraySource({ x, targets: [0, Number.NaN] }),
      'a target must be a finite number, got NaN in row 1',
    ],
    [
      'a negative weight',
      () => arraySource({ x, sampleWeight: [1, -1] }),
      'arraySource(): sampleWeight must be finite and at least 0, got -1 in row 1. Give 0 to leave the row out.',
    ],
    [
      'weights of zero',
      () => arraySource({ x, sampleWeight: [0, 0] }),
      'arraySource(): sampleWeight must be positive somewhere',
    ],
    ['too few weights', () => arraySource({ x, sampleWeight: [1] }), 'got 1 for 2 rows'],
    ['a name twice', () => arraySource({ x, names: ['u', 'u'] }), 'names must be 2 different ones'],
    ['targets that are not there', () => arraySource({ x }).targets(), 'this source must have targets, got none'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
