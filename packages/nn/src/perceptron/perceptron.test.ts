import { expect, test } from 'vitest';
import { perceptron } from './perceptron.ts';

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

test.each([
  ['AND', [0, 0, 0, 1]],
  ['OR', [0, 1, 1, 1]],
  ['NAND', [1, 1, 1, 0]],
])('learns %s, which a line separates', (_, y) => {
  const unit = perceptron(corners, y);
  expect(unit.learned).toBe(true);
  expect(unit.mistakes.at(-1)).toBe(0);
  expect(corners.map((x) => unit.predict(x))).toEqual(y);
});
test('AND by hand: the weights after the last mistake', () => {
  const { weights, bias, mistakes } = perceptron(corners, [0, 0, 0, 1]);
  expect([...weights, bias]).toEqual([2, 1, -2]);
  expect(mistakes).toEqual([1, 3, 3, 2, 1, 0]);
});
test('cannot learn XOR, however long it tries', () => {
  const unit = perceptron(corners, [0, 1, 1, 0], { epochs: 500 });
  expect(unit.learned).toBe(false);
  expect(unit.mistakes).toHaveLength(500);
  expect(unit.mistakes.every((wrong) => wrong > 0)).toBe(true);
});
test('the learning rate scales weights and changes no answer', () => {
  const [one, small] = [perceptron(corners, [0, 0, 0, 1]), perceptron(corners, [0, 0, 0, 1], { learningRate: 0.25 })];
  expect([...small.weights, small.bias]).toEqual([...one.weights, one.bias].map((each) => each / 4));
});
test.each<[() => unknown, string]>([
  [() => perceptron([], []), 'at least one, got 0 examples and 0 targets'],
  [() => perceptron([[1], [2, 3]], [0, 1]), 'examples must be rows of 1 finite numbers each'],
  [
    () => perceptron([[1]], [2]),
    'targets must be 0 or 1, got 2. It tells two classes apart; use classifier() for more.',
  ],
  [() => perceptron([[1]], [1], { epochs: 0 }), 'epochs must be a whole number of at least 1, got 0'],
  [() => perceptron([[1]], [1], { learningRate: 0 }), 'learningRate must be a finite number above 0, got 0'],
  [() => perceptron([[1]], [1]).predict([1, 2]), 'x must have 1 numbers, got 2'],
])('teaches by its error %#', (run, message) => {
  expect(run).toThrow(message);
});
