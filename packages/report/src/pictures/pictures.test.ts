import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EVIL, elementsOf, textsOf, unbalanced } from '../markup/markup.fixture.ts';
import { type Picture, pictures } from './pictures.ts';

/** Grey values of the i-th image, read out of its PNG. */
function pixelsOf(svg: string, i: number, line: number): number[] {
  const bytes = Buffer.from((elementsOf(svg, 'image')[i]?.href ?? '').replace('data:image/png;base64,', ''), 'base64');
  const at = bytes.indexOf('IDAT');
  const lines = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  return [...lines].filter((_, place) => place % (line + 1) !== 0);
}

const grey = (pixels: Picture['pixels'], more: Partial<Picture> = {}): Picture => ({
  pixels,
  width: 2,
  height: pixels.length / 2,
  ...more,
});

test('pixels arrive as they are; captions say what was expected, predicted, and how surely', () => {
  const svg = pictures([
    grey(Uint8Array.of(0, 9, 200, 255), { expected: 4, predicted: 9, probability: 0.973 }),
    grey(Uint8Array.of(1, 2, 3, 4), { expected: 'cat', predicted: 'cat' }),
  ]);
  expect(pixelsOf(svg, 0, 2)).toEqual([0, 9, 200, 255]);
  expect(textsOf(svg)).toEqual(['✗ 9 · 97 %', 'expected 4', '✓ cat']);
  expect(elementsOf(svg, 'svg')[0]?.['aria-label']).toBe('2 pictures. 1: ✗ 9 · 97 %, expected 4; 2: ✓ cat');
  const frames = elementsOf(svg, 'rect').filter(({ stroke }) => stroke === 'currentColor');
  expect(frames[0]?.class).not.toBe(frames[1]?.class);
  expect(unbalanced(svg)).toEqual([]);
});

describe('numbers that are not bytes', () => {
  test('from 0 to 1 are black to white', () => {
    expect(pixelsOf(pictures([grey(Float32Array.of(0, 0.5, 1, 0.2))]), 0, 2)).toEqual([0, 128, 255, 51]);
  });

  test('standardised ones take their own lowest and highest, or a range that is given', () => {
    const item = grey(Float32Array.of(-1, 0, 1, 3));
    expect(pixelsOf(pictures([item]), 0, 2)).toEqual([0, 64, 128, 255]);
    expect(pixelsOf(pictures([item], { range: [-1, 1] }), 0, 2)).toEqual([0, 128, 255, 255]);
    expect(pixelsOf(pictures([grey(Float32Array.of(5, 5, 5, 5))]), 0, 2)).toEqual([0, 0, 0, 0]);
  });
});

test('a grid: columns side by side, the next row below', () => {
  const places = elementsOf(
    pictures(
      Array.from({ length: 5 }, () => grey(new Uint8Array(4))),
      { columns: 2 },
    ),
    'image',
  ).map(({ x, y }) => [Number(x), Number(y)]);
  expect(places[1]?.[1]).toBe(places[0]?.[1]);
  expect(places[2]?.[0]).toBe(places[0]?.[0]);
  expect(places[4]?.[1]).toBeGreaterThan(places[2]?.[1] ?? Number.NaN);
});

test('pictures that are not square keep their sides', () => {
  const [image] = elementsOf(pictures([{ pixels: new Uint8Array(8), width: 4, height: 2 }], { size: 80 }), 'image');
  expect([image?.width, image?.height]).toEqual(['80', '40']);
});

test('labels are escaped; no pictures are a chart', () => {
  const svg = pictures([grey(new Uint8Array(4), { expected: EVIL, predicted: 'x', caption: EVIL })], { title: EVIL });
  expect(svg).not.toMatch(/<script|<img/);
  expect(unbalanced(svg)).toEqual([]);
  expect(unbalanced(pictures([]))).toEqual([]);
});

test('wrong sizes and NaN are refused', () => {
  expect(() =>
    pictures([grey(new Uint8Array(4)), { pixels: new Uint8Array(784), width: 28, height: 28, channels: 3 }]),
  ).toThrow(
    'pictures(): picture 1 must have height · width · channels pixels, got 784 for [28, 28, 3]. Correct its size, or cut the batch into pictures.',
  );
  expect(() => pictures([grey(new Uint8Array(0))])).toThrow('got 0 for [0, 2, 1]');
  expect(() => pictures([grey(Float32Array.of(0, 0, Number.NaN, 0))])).toThrow(
    'pixel 2 of picture 0 must be finite, got NaN',
  );
});
