import { describe, expect, test } from 'vitest';
import { arraySource } from '../array-source/array-source.ts';
import { classWeights } from './class-weights.ts';
import { codesOf } from './known-labels.ts';
import { labelCodes } from './label-codes.ts';
import { relabelled } from './relabelled.ts';

describe('labelCodes()', () => {
  test('numbers by value, strings by code unit, false first; each comes back as given', () => {
    expect(labelCodes([10, 9, 2, 10])).toEqual({ labels: [2, 9, 10], codes: new Int32Array([2, 1, 0, 2]) });
    expect(labelCodes(['b', 'a', 'B'])).toEqual({ labels: ['B', 'a', 'b'], codes: new Int32Array([2, 1, 0]) });
    expect(labelCodes(['10', '9']).labels).toEqual(['10', '9']);
    expect(labelCodes([true, false, true])).toEqual({ labels: [false, true], codes: new Int32Array([1, 0, 1]) });
    expect(labelCodes(new Uint8Array([3, 1, 3]))).toEqual({ labels: [1, 3], codes: new Int32Array([1, 0, 1]) });
    expect(labelCodes([-0, 0, 1]).labels).toEqual([0, 1]);
  });

  test.each<[string, readonly unknown[], string]>([
    ['NaN', [1, Number.NaN], 'got NaN in row 1'],
    ['null', ['a', null], 'got null in row 1'],
    ['two types', ['1', 1], "got string '1' in row 0 and number 1 in row 1"],
  ])('refuses %s', (_, values, message) => {
    expect(() => labelCodes(values as readonly string[])).toThrow(message);
  });

  test('numbers of every kind, small and whole or not, the first zero for both', () => {
    const values = [3, -0, 255, 256, 0, 0.5, -1, 3, 256, 0.5, Number.POSITIVE_INFINITY];
    expect(labelCodes(values).labels).toEqual([-1, 0, 0.5, 3, 255, 256, Number.POSITIVE_INFINITY]);
    expect([...labelCodes(values).codes]).toEqual([3, 1, 4, 5, 1, 2, 0, 3, 5, 2, 6]);
    expect(() => labelCodes([1, Number.NaN])).toThrow('row 1');
    expect(() => labelCodes(Float64Array.of(1, Number.NaN))).toThrow('row 1');
    expect(labelCodes(Float64Array.from(values))).toEqual(labelCodes(values));
    for (const whole of [[1, -0, 2, 1], [255, 3, 0, 3], [7], []])
      expect(labelCodes(Float64Array.from(whole))).toEqual(labelCodes(whole));
  });

  test('an unseen label names the row and, for a twin of another type, what to do', () => {
    expect(() => codesOf(['a', 'd'], ['a', 'b'], 'evaluate()')).toThrow(
      "evaluate(): a label must be one of those seen in training ('a', 'b'), got 'd' in row 1. Train with this label, or leave the row out.",
    );
    expect(() => codesOf(['7'], [3, 7], 'evaluate()')).toThrow('The label 7 is a number: convert this one.');
  });
});

describe('relabelled()', () => {
  const source = (labels: readonly (string | number)[], targets: readonly number[]) =>
    arraySource({ x: { data: new Float32Array(targets.length), shape: [targets.length, 1] }, targets, labels });
  const codes = async (from: ReturnType<typeof relabelled>): Promise<number[]> => {
    const found: number[] = [];
    for await (const { y } of from.batches({ size: 2, epoch: 0 })) found.push(...(y ?? []));
    return found;
  };

  test('the same labels: the same source', () => {
    const same = source(['a', 'b'], [0, 1]);
    expect(relabelled(same, ['a', 'b'], 'f()')).toBe(same);
  });

  test('codes move to the other labels, in batches, targets and selections', async () => {
    const other = relabelled(source(['b', 'a', 'never'], [0, 1, 1]), ['a', 'b', 'c'], 'f()');
    expect(other.labels).toEqual(['a', 'b', 'c']);
    expect(await codes(other)).toEqual([1, 0, 0]);
    expect(other.targets()).toEqual(new Int32Array([1, 0, 0]));
    expect(await codes(other.select(new Uint32Array([2, 0])))).toEqual([0, 1]);
    expect(other.columns?.().rows).toBe(3);
  });

  test('numbers become codes, also where a batch rounds them to float32', async () => {
    const numbers = arraySource({ x: { data: new Float32Array(3), shape: [3, 1] }, targets: [0.1, 5, 0.1] });
    expect(await codes(relabelled(numbers, [0.1, 5], 'f()'))).toEqual([0, 1, 0]);
  });

  test('refuses a label in use that is not known', () => {
    expect(() => relabelled(source(['a', 'x'], [0, 1]), ['a', 'b'], 'f()')).toThrow("got 'x' in row 1");
  });
});

describe('classWeights()', () => {
  const codes = new Int32Array([0, 0, 0, 1]);
  test('balanced: every class weighs alike; a class without rows weighs nothing', () => {
    // 4 / (2 · 3) and 4 / (2 · 1)
    expect([...classWeights('balanced', ['a', 'b', 'c'], codes, 'fit()')]).toEqual([Math.fround(2 / 3), 2, 0]);
  });
  test('by label, 1 where none is given', () => {
    expect([...classWeights({ 7: 0.5 }, [3, 7], codes, 'fit()')]).toEqual([1, 0.5]);
  });
  test('refuses unknown labels and bad weights', () => {
    expect(() => classWeights({ dog: 2 }, ['cat'], codes, 'fit()')).toThrow(
      "classWeight must name labels of the data ('cat'), got 'dog'",
    );
    expect(() => classWeights({ cat: -1 }, ['cat'], codes, 'fit()')).toThrow("got -1 for 'cat'");
  });
});
