/** The pool: reuse, books, growth, its limit. */
import { isDendriteError } from '@dendrite/spec';
import { expect, test, vi } from 'vitest';
import { sizeClass, WasmPool } from './wasm-pool.ts';

test('size classes waste at most a quarter and are multiples of 16', () => {
  for (const bytes of [0, 1, 63, 64, 65, 80, 81, 100, 1000, 4097, 123457, 1e6, 2 ** 30]) {
    const size = sizeClass(bytes);
    expect(size).toBeGreaterThanOrEqual(Math.max(64, bytes));
    expect(size % 16).toBe(0);
    if (bytes > 64) expect(size).toBeLessThanOrEqual(1.25 * bytes + 16);
  }
});

test('what was freed is used again; steady work does not grow the memory', () => {
  const pool = new WasmPool();
  const first = pool.take(1000);
  pool.give(first);
  expect(pool.take(1010).address).toBe(first.address);
  const before = pool.memory.buffer.byteLength;
  for (let i = 0; i < 10_000; i++) {
    const buffers = [400, 70_000, 3].map((bytes) => pool.take(bytes));
    for (const buffer of buffers) pool.give(buffer);
  }
  expect(pool.memory.buffer.byteLength).toBe(before);
  expect([pool.buffers, pool.live]).toEqual([1, first.bytes]);
  expect(pool.peak).toBeGreaterThan(70_000);
});

test('buffers do not overlap, and keep what is in them when the memory grows', () => {
  const pool = new WasmPool();
  const buffers = Array.from({ length: 40 }, (_, i) => pool.take(1000 * (i % 5) + 1));
  for (const [i, buffer] of buffers.entries()) pool.view(buffer.address, buffer.bytes, 'uint8').fill(i);
  const small = pool.memory.buffer.byteLength;
  pool.take(30 * 2 ** 20);
  expect(pool.memory.buffer.byteLength).toBeGreaterThan(small);
  buffers.forEach((buffer, i) => {
    expect(pool.view(buffer.address, buffer.bytes, 'uint8').every((value) => value === i)).toBe(true);
  });
});

test('a buffer that was renewed is counted once, and its memory is free with the new one', () => {
  const pool = new WasmPool();
  const old = pool.take(1000);
  const renewed = pool.renew(old);
  expect(renewed.address).toBe(old.address);
  pool.give(old);
  expect([pool.buffers, pool.live]).toEqual([1, old.bytes]);
  expect(pool.take(1000).address).not.toBe(old.address);
  pool.give(renewed);
  expect([pool.buffers, pool.live]).toEqual([1, old.bytes]);
  expect(pool.take(1000).address).toBe(old.address);
});

test('scratch is not counted, does not move while it suffices, and overlaps nothing', () => {
  const pool = new WasmPool();
  const address = pool.scratch(1000);
  expect(pool.scratch(500)).toBe(address);
  expect([pool.live, pool.buffers]).toEqual([0, 0]);
  const buffer = pool.take(1000);
  expect(Math.abs(buffer.address - address)).toBeGreaterThanOrEqual(1000);
  expect(pool.scratch(100_000)).not.toBe(address);
});

test('beyond its limit it throws with the bytes asked for, live and allowed, and goes on', () => {
  const pool = new WasmPool(2 ** 21);
  const kept = pool.take(2 ** 20);
  let thrown: unknown;
  try {
    pool.take(2 ** 20);
  } catch (error) {
    thrown = error;
  }
  expect(isDendriteError(thrown, 'BACKEND')).toBe(true);
  expect(String(thrown)).toContain(`1048576 bytes with ${kept.bytes} live, 0 kept`);
  expect(String(thrown)).toContain('at most 2097152 bytes');
  pool.give(kept);
  expect(pool.take(2 ** 20).address).toBe(kept.address);
});

test('what it counts, when it refuses, comes to all that is taken', () => {
  const pool = new WasmPool(2 ** 21, { from: 8192 });
  pool.take(300_000);
  pool.give(pool.take(100_000));
  pool.scratch(400_000);
  const last = pool.reserve(200_000);
  const [, ...counted] =
    /(\d+) live, (\d+) kept for reuse and (\d+) for/.exec(raised(() => pool.take(2 ** 20)))?.map(Number) ?? [];
  expect(counted.reduce((sum, bytes) => sum + bytes, 0)).toBe(last.address + last.bytes);
});
const raised = (run: () => unknown): string => {
  try {
    return String(run());
  } catch (error) {
    return String(error);
  }
};

test('work whose sizes change stays within twice what is live at a time, and nothing overlaps', () => {
  const pool = new WasmPool();
  const round = (bytes: number): void => {
    const buffers = Array.from({ length: 30 }, (_, i) => pool.take(bytes + 100 * i));
    const sorted = buffers.toSorted((a, b) => a.address - b.address);
    sorted.forEach((buffer, i) => {
      expect(buffer.address + buffer.bytes).toBeLessThanOrEqual(sorted[i + 1]?.address ?? Number.POSITIVE_INFINITY);
    });
    for (const [i, buffer] of buffers.entries()) if (i % 2 === 0) pool.give(buffer);
    for (const [i, buffer] of buffers.entries()) if (i % 2 === 1) pool.give(buffer);
  };
  // Some hundred sizes, each of a class of its own: kept apart they would come to 60 MB.
  for (let bytes = 200_000; bytes < 1_000_000; bytes = Math.ceil(bytes * 1.17)) round(bytes);
  expect([pool.live, pool.buffers]).toEqual([0, 0]);
  expect(pool.peak).toBeGreaterThan(20e6);
  expect(pool.memory.buffer.byteLength).toBeLessThan(2.6 * pool.peak);
});

test('what is free in small pieces serves a large request before it is refused', () => {
  const pool = new WasmPool(2 ** 21);
  const pieces = Array.from({ length: 28 }, () => pool.take(2 ** 16));
  for (const piece of pieces) pool.give(piece);
  const large = pool.take(1.5 * 2 ** 20);
  expect(large.bytes).toBeGreaterThanOrEqual(1.5 * 2 ** 20);
  expect(() => pool.take(2 ** 20)).toThrow('memory must suffice');
  pool.give(large);
  expect(pool.take(2 ** 16).bytes).toBe(2 ** 16);
});

test('free memory of other classes serves a large request before new memory is begun', () => {
  const pool = new WasmPool();
  const [first, second] = [pool.take(300_000), pool.take(500_000)];
  const behind = pool.take(100);
  pool.give(first);
  pool.give(second);
  const whole = pool.take(700_000);
  expect(whole.address).toBe(first.address);
  expect(pool.take(700_000).address).toBeGreaterThan(behind.address);
  pool.give(whole);
  const parts = [100_000, 200_000, 300_000].map((bytes) => pool.take(bytes));
  for (const { address } of parts) expect(address).toBeLessThan(behind.address);
  expect([pool.buffers, pool.pooled]).toEqual([
    5,
    first.bytes + second.bytes - parts.reduce((sum, { bytes }) => sum + bytes, 0),
  ]);
});

test('where the machine gives less than is wanted, what is needed is asked for, then refused', () => {
  const pool = new WasmPool(2 ** 28);
  const held = pool.memory.buffer.byteLength;
  const grow = pool.memory.grow.bind(pool.memory);
  const asked: number[] = [];
  vi.spyOn(pool.memory, 'grow').mockImplementation((pages) => {
    asked.push(pages);
    if (pages > 100) throw new RangeError('no more');
    return grow(pages);
  });
  const kept = pool.take(5e6);
  expect(asked).toEqual([256, 65]);
  expect(() => pool.take(1e7)).toThrow(
    `a request for 10000000 bytes with ${kept.bytes} live, 0 kept for reuse and 64 for scratch and tables (the machine gives no more than ${held + 65 * 65536} of 268435456 bytes)`,
  );
  pool.give(kept);
  expect(pool.take(5e6).address).toBe(kept.address);
});
