import { describe, expect, test } from 'vitest';
import { fourClasses, missingClass } from '../golden.fixture.ts';
import { rowsOf } from '../part/part.fixture.ts';
import { classificationScores, confusionMatrix, confusionMatrixOf } from './confusion-matrix.ts';

const { sampleWeight: _, ...unweighted } = fourClasses;
// scikit-learn 1.2.1, confusion_matrix(labels=range(4)).
const golden = [
  [11, 3, 1, 2],
  [0, 7, 5, 1],
  [1, 1, 10, 0],
  [2, 3, 1, 12],
];

test('rows are expected, columns predicted', () => {
  expect(confusionMatrixOf(unweighted)).toEqual({ labels: [0, 1, 2, 3], counts: golden });
  expect(confusionMatrixOf(missingClass).counts[3]).toEqual([0, 0, 0, 0]);
});

test('parts, merged in any order, are the whole', () => {
  const counter = confusionMatrix([0, 1, 2, 3]);
  const a = counter.update(counter.init(), rowsOf(unweighted, 0, 17));
  const b = counter.update(counter.update(counter.init(), rowsOf(unweighted, 40, 60)), rowsOf(unweighted, 17, 40));
  expect(counter.merge(a, b).counts).toEqual(golden);
  expect(counter.merge(b, a).counts).toEqual(golden);
  expect(counter.init().counts).toEqual(golden.map(() => [0, 0, 0, 0]));
});

test('labels keep the order they are given in, else are sorted', () => {
  const part = { expected: ['dog', 'cat'], predicted: ['dog', 'bird'] };
  expect(confusionMatrixOf(part).labels).toEqual(['bird', 'cat', 'dog']);
  expect(confusionMatrixOf({ expected: [10, 9], predicted: [10, 2] }).labels).toEqual([2, 9, 10]);
  expect(confusionMatrixOf({ ...part, labels: ['dog', 'cat', 'bird'] }).counts).toEqual([
    [1, 0, 0],
    [0, 0, 1],
    [0, 0, 0],
  ]);
});

test('weights are added up', () => {
  expect(confusionMatrixOf({ expected: ['a', 'a'], predicted: ['a', 'a'], sampleWeight: [0.5, 2] }).counts).toEqual([
    [2.5],
  ]);
});

test('unknown, NaN and repeated labels are refused', () => {
  const counter = confusionMatrix([1, 2]);
  expect(() => counter.update(counter.init(), { expected: [1], predicted: [3] })).toThrow(
    'confusionMatrix: each label must be one of 2 (1, 2), got 3.',
  );
  expect(() => counter.update(counter.init(), { expected: [1], predicted: [Number.NaN] })).toThrow('got NaN');
  expect(() => confusionMatrix(['a', 'a'])).toThrow('labels must be named once, got 2 with 1 different');
});

describe('classificationScores()', () => {
  test('are those of scikit-learn', () => {
    const scores = classificationScores(confusionMatrixOf(missingClass));
    expect(scores.accuracy).toBeCloseTo(0.8166666666666667, 14);
    expect(scores.balancedAccuracy).toBeCloseTo(0.8189640768588138, 14);
    expect(scores.precision).toBeCloseTo(0.6455357142857143, 14);
    expect(scores.recall).toBeCloseTo(0.6142230576441103, 14);
    expect(scores.f1).toBeCloseTo(0.6267615176151762, 14);
    expect(scores.support).toBe(60);
    expect(scores.perLabel.map(({ support }) => support)).toEqual([19, 20, 21, 0]);
    expect(scores.perLabel[0]).toEqual({ label: 0, precision: 18 / 21, recall: 18 / 19, f1: 0.9, support: 19 });
    expect(scores.perLabel[3]).toEqual({ label: 3, precision: 0, recall: 0, f1: 0, support: 0 });
  });

  test('of nothing teach', () => {
    expect(() => classificationScores(confusionMatrix(['a']).init())).toThrow('there must be at least one example');
  });
});
