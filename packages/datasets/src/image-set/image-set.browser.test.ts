// In a browser there is no disk: bytes are given, and gzip is unpacked by the browser's own stream.
import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { iris } from '../iris/iris.ts';
import { mnist } from '../mnist/mnist.ts';

const idx = (lengths: readonly number[], values: readonly number[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array([0, 0, 8, lengths.length, ...lengths.flatMap((n) => [0, 0, 0, n]), ...values]);

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

test('given bytes become sources, gzipped or not', async () => {
  const { train, test: held } = await mnist({
    files: {
      trainImages: await gzip(idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])),
      trainLabels: idx([2], [9, 4]),
      testImages: idx([1, 2, 2], [0, 0, 0, 255]),
      testLabels: await gzip(idx([1], [4])),
    },
  });
  expect(train.labels).toEqual([4, 9]);
  for await (const { x, y } of train.batches({ size: 2, epoch: 0 })) {
    expect([[...x.data], x.shape, [...(y ?? [])]]).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [2, 2, 2, 1],
      [1, 0],
    ]);
  }
  expect(held.rows).toBe(1);
});

test('without bytes the message says what to give', async () => {
  for (const [load, text] of [
    [mnist, 'give their bytes: { files: { trainImages, trainLabels, testImages, testLabels } }'],
    [iris, 'iris({ text })'],
  ] as const) {
    const error: unknown = await load().catch((e: unknown) => e);
    expect(isDendriteError(error, 'DATA') && error.message).toContain(text);
  }
});
