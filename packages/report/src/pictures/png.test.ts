import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { png } from './png.ts';

/** Chunks by type, each with its checksum judged by zlib. */
function chunksOf(file: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(file);
  expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += 12 + length;
  }
  return chunks;
}

test.each([
  [1, 0],
  [3, 2],
  [4, 6],
] as const)('%i channels are colour type %i, and zlib reads the pixels back', (channels, type) => {
  const pixels = Uint8Array.from({ length: 3 * 2 * channels }, (_, i) => i * 9);
  const chunks = chunksOf(png(pixels, 3, 2, channels));
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  expect([...(chunks.get('IHDR') ?? [])]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, type, 0, 0, 0]);
  const line = 3 * channels;
  expect([...inflateSync(chunks.get('IDAT') ?? '')]).toEqual([
    0,
    ...pixels.subarray(0, line),
    0,
    ...pixels.subarray(line),
  ]);
});

test('more than one stored block (65,535 bytes)', () => {
  const pixels = Uint8Array.from({ length: 300 * 300 }, (_, i) => i % 251);
  const lines = inflateSync(chunksOf(png(pixels, 300, 300, 1)).get('IDAT') ?? '');
  expect(lines).toHaveLength(300 * 301);
  expect(lines[301 * 299 + 1]).toBe((300 * 299) % 251);
});
