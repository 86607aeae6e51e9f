/** What a trained network does on images it has never seen: accuracy, who is taken for whom, and its worst mistakes. */
import { accuracy, type ConfusionMatrix, confusionMatrixOf } from '@dendrite/metrics';
import type { DataSource, Inputs, MetricPart, Probabilities, Shape } from '@dendrite/spec';

export interface Mistake {
  readonly picture: Uint8Array;
  /** `[height, width, channels]` */
  readonly shape: Shape;
  readonly expected: number;
  readonly predicted: number;
  /** Probability it gave to what it said, and to the truth. */
  readonly certainty: number;
  readonly truth: number;
}
export interface Evaluation {
  readonly accuracy: number;
  readonly images: number;
  readonly matrix: ConfusionMatrix;
  /** Those that gave the truth the least probability, the worst first. */
  readonly mistakes: readonly Mistake[];
}
/** The part of a fitted classifier that is needed here. */
export interface Predictor {
  readonly labels: readonly number[];
  predictProbabilities(x: Inputs): Promise<Probabilities>;
}

/** Asks the network once about every image and draws everything from its answers. */
export async function evaluation(network: Predictor, test: DataSource<number>, shown = 24): Promise<Evaluation> {
  const { labels } = network;
  const probabilities = await network.predictProbabilities(test);
  const classes = labels.length;
  // The test part lists the labels in the same order as the training part, so their codes agree.
  const truth = test.targets();
  const guesses = Int32Array.from(truth, (_, row) => largest(probabilities.data, row * classes, classes));
  const part: MetricPart = {
    expected: Array.from(truth, (code) => labels[code] ?? Number.NaN),
    predicted: Array.from(guesses, (code) => labels[code] ?? Number.NaN),
    labels,
  };
  const given = (row: number, code: number): number => probabilities.data[row * classes + code] ?? Number.NaN;
  const wrong = [...truth.keys()].filter((row) => guesses[row] !== truth[row]);
  wrong.sort((a, b) => given(a, truth[a] ?? 0) - given(b, truth[b] ?? 0));
  const worst = Uint32Array.from(wrong.slice(0, shown));
  const mistakes: Mistake[] = [];
  for await (const { x } of test.select(worst).batches({ size: 1, epoch: 0 })) {
    const row = worst[mistakes.length] ?? 0;
    mistakes.push({
      picture: Uint8Array.from(x.data),
      shape: x.shape.slice(1),
      expected: labels[truth[row] ?? 0] ?? Number.NaN,
      predicted: labels[guesses[row] ?? 0] ?? Number.NaN,
      certainty: given(row, guesses[row] ?? 0),
      truth: given(row, truth[row] ?? 0),
    });
  }
  return {
    accuracy: accuracy.value(accuracy.update(accuracy.init(), part)),
    images: test.rows,
    matrix: confusionMatrixOf({ ...part, labels: [...labels].sort((a, b) => a - b) }),
    mistakes,
  };
}

/** Place of the largest of `count` values from `begin`, the first on ties. */
function largest(values: ArrayLike<number>, begin: number, count: number): number {
  let best = 0;
  for (let code = 1; code < count; code++) if ((values[begin + code] ?? 0) > (values[begin + best] ?? 0)) best = code;
  return best;
}
