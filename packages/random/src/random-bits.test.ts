import { describe, expect, test } from 'vitest';
import { hostKey } from './host-key.ts';
import { randomBits } from './random-bits.ts';
import { threefry2x32 } from './threefry.ts';
import { normals, uniforms } from './uniforms.ts';

const key = hostKey(42);

test('randomBits() never changes, and a longer result begins with the shorter', () => {
  expect([...randomBits(key, 5)]).toEqual([0x6d3e048f, 0x1022172d, 0x19a3f86f, 0xcfbc07f9, 0x3249c374]);
  expect([...randomBits(key, 4)]).toEqual([...randomBits(key, 33)].slice(0, 4));
  expect(randomBits(key, 0)).toHaveLength(0);
  expect(randomBits(key, 33)[32]).toBe(threefry2x32(0, 42, 16, 0)[0]);
});

test.each([-1, 1.5, Number.NaN, 2 ** 32])('randomBits() refuses %d words', (n) => {
  expect(() => randomBits(key, n)).toThrow('randomBits(): the number of words must be an integer from 0 to 4294967295');
});

test('a million words take milliseconds', () => {
  randomBits(key, 1e6);
  const start = performance.now();
  randomBits(key, 1e6);
  expect(performance.now() - start).toBeLessThan(500);
});

describe('uniforms()', () => {
  test('have 53 bits of two words, in [0, 1)', () => {
    const [a, b] = threefry2x32(0, 42, 0, 0);
    expect(uniforms(key, 1)[0]).toBe((Math.floor(a / 32) * 2 ** 26 + Math.floor(b / 64)) / 2 ** 53);
    expect([...uniforms(key, 3)]).toEqual([0.42672756361231334, 0.10015824296670306, 0.19643803754070277]);
  });

  test('have the moments of the uniform distribution and fill every tenth', () => {
    const n = 100_000;
    const x = uniforms(hostKey(5), n);
    const counts = new Array<number>(10).fill(0);
    let mean = 0;
    let square = 0;
    for (const value of x) {
      expect(value >= 0 && value < 1).toBe(true);
      mean += value / n;
      square += (value * value) / n;
      const tenth = Math.floor(value * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.004);
    expect(Math.abs(square - 1 / 3)).toBeLessThan(0.004);
    const chiSquare = counts.reduce((sum, count) => sum + (count - n / 10) ** 2 / (n / 10), 0);
    expect(chiSquare).toBeLessThan(27.9); // 9 degrees of freedom, p = 0.001
  });
});

test('normals() have mean 0, variance 1, kurtosis 3; odd lengths too', () => {
  const n = 100_001;
  const x = normals(hostKey(6), n);
  const moment = (power: number): number => x.reduce((sum, value) => sum + value ** power, 0) / n;
  expect(Math.abs(moment(1))).toBeLessThan(0.012);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.016);
  expect(Math.abs(moment(3))).toBeLessThan(0.05);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  expect(x.every(Number.isFinite)).toBe(true);
  expect([...normals(key, 3)]).toEqual([...normals(key, 4)].slice(0, 3));
  for (const [i, value] of [0.8528053052941844, 0.6208957637445165, -0.5133049502696623].entries()) {
    expect(normals(key, 3)[i]).toBeCloseTo(value, 14);
  }
});
