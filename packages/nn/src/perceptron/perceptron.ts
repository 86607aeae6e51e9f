/**
 * Rosenblatt's perceptron with its own learning rule: a history lesson, not a way to train networks. It learns what a straight
 * line can separate (AND), and never stops erring on what none can (XOR).
 */
import { DendriteError } from '@dendrite/spec';

/** A trained unit: fires (1) where `weights · x + bias > 0`. */
export interface Perceptron {
  readonly weights: Float64Array;
  readonly bias: number;
  /** Wrong answers in each epoch of training; it has learned when the last is 0. */
  readonly mistakes: readonly number[];
  readonly learned: boolean;
  predict(x: readonly number[]): 0 | 1;
}
export interface PerceptronOptions {
  readonly epochs?: number;
  readonly learningRate?: number;
}

/**
 * The learning rule: for each example in turn `w ← w + learningRate·(t − step(w·x + b))·x`, and likewise b, until an epoch has no
 * mistake. If a line separates the classes this comes to an end (Novikoff 1962); if none does, it runs to `epochs`.
 * @param x  examples, all of one length
 * @param y  0 or 1 for each
 * @param options.epochs        at most, default 100
 * @param options.learningRate  above 0, default 1; it scales the weights and changes no answer
 * @throws DATA  for empty data, rows of different lengths, or targets other than 0 and 1; OPTION for a value out of its range
 * @source Rosenblatt (1958), The perceptron; Minsky and Papert (1969) on XOR
 * @example
 * import { perceptron } from '@dendrite/nn';
 * const and = perceptron([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]);
 */
export function perceptron(
  x: readonly (readonly number[])[],
  y: readonly number[],
  { epochs = 100, learningRate = 1 }: PerceptronOptions = {},
): Perceptron {
  const length = x[0]?.length ?? 0;
  if (x.length === 0 || x.length !== y.length)
    throw new DendriteError(
      'DATA',
      `perceptron(): there must be one target for each example and at least one, got ${x.length} examples and ${y.length} targets.`,
    );
  if (length === 0 || x.some((row) => row.length !== length || !row.every(Number.isFinite)))
    throw new DendriteError(
      'DATA',
      `perceptron(): examples must be rows of ${length || 'at least 1'} finite numbers each.`,
    );
  if (y.some((target) => target !== 0 && target !== 1))
    throw new DendriteError(
      'DATA',
      `perceptron(): targets must be 0 or 1, got ${y.find((target) => target !== 0 && target !== 1)}. It tells two classes apart; use classifier() for more.`,
    );
  if (!Number.isInteger(epochs) || epochs < 1)
    throw new DendriteError('OPTION', `perceptron(): epochs must be a whole number of at least 1, got ${epochs}.`);
  if (!(learningRate > 0 && Number.isFinite(learningRate)))
    throw new DendriteError(
      'OPTION',
      `perceptron(): learningRate must be a finite number above 0, got ${learningRate}.`,
    );
  const weights = new Float64Array(length);
  let bias = 0;
  const predict = (row: readonly number[]): 0 | 1 => {
    if (row.length !== length)
      throw new DendriteError('SHAPE', `perceptron predict(): x must have ${length} numbers, got ${row.length}.`);
    let sum = bias;
    for (let i = 0; i < length; i++) sum += (weights[i] as number) * (row[i] as number);
    return sum > 0 ? 1 : 0;
  };
  const mistakes: number[] = [];
  while (mistakes.length < epochs && mistakes.at(-1) !== 0) {
    let wrong = 0;
    x.forEach((row, example) => {
      const error = (y[example] as number) - predict(row);
      if (error === 0) return;
      wrong++;
      row.forEach((value, i) => {
        weights[i] = (weights[i] as number) + learningRate * error * value;
      });
      bias += learningRate * error;
    });
    mistakes.push(wrong);
  }
  return { weights, bias, mistakes, learned: mistakes.at(-1) === 0, predict };
}
