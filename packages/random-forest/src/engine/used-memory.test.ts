/** Memory goes from fit to fit, but never while somebody may still read it, and the forests are those of fresh memory. */
import { earlyStopping } from '@dendrite/model';
import { hostKey, integers, normals } from '@dendrite/random';
import { toBytes } from '@dendrite/safetensors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { randomForestClassifier, randomForestRegressor } from '../forest/forests.ts';
import { countHolders, leaveMemory, memoryOf } from './used-memory.ts';

const [rows, features] = [3_000, 320] as const;
const noise = Float32Array.from(normals(hostKey(3), rows * features));
const x = { data: noise, shape: [rows, features] };
const y = Array.from({ length: rows }, (_, i) => Number((noise[features * i] as number) > 0));
const flips = Array.from(integers(hostKey(4), rows, 3));
const forest = () => randomForestClassifier({ trees: 2, engine: 'wasm', workers: 1 });
const bytesOf = async (fitted: Awaited<ReturnType<ReturnType<typeof forest>['fit']>>) => toBytes(await fitted.save());

/** It also holds what was made, so that no collector takes what was left. */
let made = vi.spyOn(WebAssembly, 'Memory');
const left = (): void => leaveMemory(new WebAssembly.Memory({ initial: 1, maximum: 1 }));
beforeEach(() => {
  left();
  made = vi.spyOn(WebAssembly, 'Memory');
});
afterEach(() => {
  vi.restoreAllMocks();
});

test('a fit takes what a disposed forest left, and grows the same bits there', async () => {
  const first = await forest().fit({ x, y }, { seed: 1 });
  const fresh = await bytesOf(first);
  first.dispose();
  first.dispose();
  // Other trees, of other targets and of numbers, write all over it.
  const number = await randomForestRegressor({ trees: 2, maxDepth: 6, engine: 'wasm', workers: 1 }).fit(
    { x, y: flips },
    { seed: 2 },
  );
  number.dispose();
  const before = made.mock.calls.length;
  const again = await forest().fit({ x, y }, { seed: 1 });
  expect(made.mock.calls.length).toBe(before);
  expect(Buffer.compare(await bytesOf(again), fresh)).toBe(0);
  expect(again.outOfBag).toEqual((await forest().fit({ x, y }, { seed: 1 })).outOfBag);
});

test('not while a forest of it lives: its rows are still there', async () => {
  const first = await forest().fit({ x, y }, { seed: 1 });
  const before = await first.importance('permutation');
  const second = await forest().fit({ x, y: flips }, { seed: 2 });
  expect(made).toHaveBeenCalledTimes(2);
  expect(await first.importance('permutation')).toEqual(before);
  second.dispose();
  const third = await forest().fit({ x, y: flips }, { seed: 3 });
  expect(made).toHaveBeenCalledTimes(2);
  expect(await first.importance('permutation')).toEqual(before);
  third.dispose();
});

test('a remembered forest holds it; one that was outdone does not; an aborted fit leaves it', async () => {
  const callbacks = [earlyStopping({ monitor: 'outOfBag', mode: 'max', patience: 2, restoreBest: true })];
  const best = await randomForestClassifier({ trees: 40, engine: 'wasm', workers: 1 }).fit(
    { x, y: flips },
    { seed: 1, callbacks },
  );
  const importance = await best.importance('permutation');
  expect(made).toHaveBeenCalledTimes(1);
  const stop = new AbortController();
  const aborted = forest().fit({ x, y }, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(aborted).rejects.toThrow('stopped by its signal');
  expect(made).toHaveBeenCalledTimes(2);
  (await forest().fit({ x, y }, { seed: 5 })).dispose();
  expect(made).toHaveBeenCalledTimes(2);
  expect(await best.importance('permutation')).toEqual(importance);
  best.dispose();
});

test('what is left is cleaned, and taken where it is not much too large; fits beside each other have each their own', async () => {
  const used = new WebAssembly.Memory({ initial: 4, maximum: 4 });
  new Uint8Array(used.buffer).fill(7);
  leaveMemory(used);
  expect(memoryOf(1, 9)).not.toBe(used);
  expect(memoryOf(5, 9)).not.toBe(used);
  expect(memoryOf(2, 9)).toBe(used);
  expect(new Uint8Array(used.buffer, 0, 10)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 7));
  expect(memoryOf(2, 9)).not.toBe(used);
  (await forest().fit({ x, y }, { seed: 1 })).dispose();
  const before = made.mock.calls.length;
  const pair = await Promise.all([1, 2].map((seed) => forest().fit({ x, y }, { seed })));
  expect(made).toHaveBeenCalledTimes(before + 1);
  for (const one of pair) one.dispose();
});

test('the last holder tells, once, however often each lets go', () => {
  const done = vi.fn();
  const hold = countHolders(done);
  const [one, two] = [hold(), hold()];
  one();
  one();
  expect(done).not.toHaveBeenCalled();
  two();
  two();
  expect(done).toHaveBeenCalledTimes(1);
});
