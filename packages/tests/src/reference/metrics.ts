/** metrics.json: scikit-learn's measures of one set of predictions. Measures without tensors: the same on every backend. */
import * as metrics from '@dendrite/metrics';
import type { HostTensor, Metric, MetricPart } from '@dendrite/spec';
import type { Machine } from './machine.ts';
import { type Fields, isFields, numberAt, numbersAt, type ReferenceCase, rowsAt } from './reference-case.ts';
import { Results } from './results.ts';

type Measure = (part: MetricPart, fields: Fields) => number | HostTensor | Fields;

function measured<A>(metric: Metric<A>, part: MetricPart): number {
  return metric.value(metric.update(metric.init(), part));
}
const plain =
  <A>(metric: Metric<A>): Measure =>
  (part) =>
    measured(metric, part);
const weighted =
  <A>(metric: Metric<A>): Measure =>
  (part, fields) =>
    measured(metric, { ...part, sampleWeight: numbersAt(fields, 'sampleWeights') });
/** With the file's scores for the second label in place of the probabilities. */
const tied =
  <A>(metric: Metric<A>): Measure =>
  (part, fields) => {
    const scores = numbersAt(fields, 'tiedScores');
    return measured(metric, {
      ...part,
      probabilities: {
        shape: [scores.length, 2],
        data: Float32Array.from(scores.flatMap((score) => [1 - score, score])),
      },
    });
  };
const list = (data: readonly number[]): HostTensor => ({ shape: [data.length], data });
const averaged =
  (average: 'micro' | 'macro' | 'weighted'): Measure =>
  (part) => ({
    precision: measured(metrics.precision({ average }), part),
    recall: measured(metrics.recall({ average }), part),
    f1: measured(metrics.f1({ average }), part),
  });

const perClass: Measure = (part) => {
  const { perLabel } = metrics.classificationScores(metrics.confusionMatrixOf(part));
  const of = (name: 'precision' | 'recall' | 'f1' | 'support'): HostTensor => list(perLabel.map((each) => each[name]));
  return { precision: of('precision'), recall: of('recall'), f1: of('f1'), support: of('support') };
};

const confusion: Measure = (part) => {
  const { counts } = metrics.confusionMatrixOf(part);
  return { shape: [counts.length, counts.length], data: counts.flat() };
};

const classification: Readonly<Record<string, Measure>> = {
  accuracy: plain(metrics.accuracy),
  accuracyWeighted: weighted(metrics.accuracy),
  balancedAccuracy: plain(metrics.balancedAccuracy),
  confusionMatrix: confusion,
  matthews: plain(metrics.matthewsCorrelation),
  cohenKappa: plain(metrics.cohenKappa),
  logLoss: plain(metrics.logLoss),
  micro: averaged('micro'),
  macro: averaged('macro'),
  weighted: averaged('weighted'),
  perClass,
  rocAuc: plain(metrics.rocAuc()),
  rocAucTied: tied(metrics.rocAuc()),
  rocAucOvrMacro: plain(metrics.rocAuc({ against: 'rest' })),
  rocAucOvoMacro: plain(metrics.rocAuc({ against: 'pairs' })),
  averagePrecision: plain(metrics.averagePrecision()),
  averagePrecisionTied: tied(metrics.averagePrecision()),
  brier: plain(metrics.brierScore),
  rocCurve(part) {
    const { falsePositiveRates, truePositiveRates } = metrics.rocCurve(part);
    return { fpr: list(falsePositiveRates), tpr: list(truePositiveRates) };
  },
  // scikit-learn's goes from the laxest threshold to the strictest.
  precisionRecallCurve(part) {
    const { precisions, recalls } = metrics.precisionRecallCurve(part);
    return { precision: list([...precisions].reverse()), recall: list([...recalls].reverse()) };
  },
};

const regression: Readonly<Record<string, Measure>> = {
  mae: plain(metrics.meanAbsoluteError),
  mse: plain(metrics.meanSquaredError),
  rmse: plain(metrics.rootMeanSquaredError),
  mseWeighted: weighted(metrics.meanSquaredError),
  r2: plain(metrics.r2),
  mape: plain(metrics.meanAbsolutePercentageError),
  medianAe: plain(metrics.medianAbsoluteError),
  explainedVariance: plain(metrics.explainedVariance),
  maxError: plain(metrics.maxError),
};

export async function runMetrics(_machine: Machine, { fields }: ReferenceCase): Promise<Results> {
  const expected = fields.expected;
  if (!isFields(expected)) throw new Error('expected: must be an object');
  return fields.targets === undefined ? classify(fields, expected) : regress(fields, expected);
}

function classify(fields: Fields, expected: Fields): Results {
  const rows = rowsAt(fields, 'probabilities');
  const classes = numberAt(fields, 'classes');
  const part: MetricPart = {
    labels: Array.from({ length: classes }, (_, label) => label),
    expected: numbersAt(fields, 'labels'),
    predicted: numbersAt(fields, 'predicted'),
    probabilities: { shape: [rows.length, classes], data: Float32Array.from(rows.flat()) },
  };
  const results = new Results();
  for (const [name, wanted] of Object.entries(expected)) {
    const top = /^top(\d+)$/.exec(name)?.[1];
    // scikit-learn wants k below the number of classes: the best two of two classes always have the right one.
    const known = Object.hasOwn(classification, name) ? classification[name] : undefined;
    const measure = top === undefined ? known : plain(metrics.topK(Math.min(Number(top), classes - 1)));
    if (measure === undefined) results.missing.push(name);
    else addAll(results, name, measure(part, fields), wanted);
  }
  return results;
}

/** Several targets: the mean of the columns' measures, as scikit-learn's; its largest error knows one target only: the first. */
function regress(fields: Fields, expected: Fields): Results {
  const targets = rowsAt(fields, 'targets');
  const predicted = rowsAt(fields, 'predicted');
  const columns = targets[0]?.length ?? 0;
  const results = new Results();
  for (const [name, wanted] of Object.entries(expected)) {
    const measure = Object.hasOwn(regression, name) ? regression[name] : undefined;
    if (measure === undefined) {
      results.missing.push(name);
      continue;
    }
    const values = Array.from({ length: columns }, (_, column) => {
      const of = (values: readonly (readonly number[])[]): number[] => values.map((row) => row[column] ?? Number.NaN);
      return Number(measure({ expected: of(targets), predicted: of(predicted) }, fields));
    });
    const value =
      name === 'maxError' ? (values[0] ?? Number.NaN) : values.reduce((sum, each) => sum + each, 0) / columns;
    results.number(name, value, wanted);
  }
  return results;
}

function addAll(results: Results, name: string, computed: number | HostTensor | Fields, expected: unknown): void {
  if (typeof computed === 'number') results.number(name, computed, expected);
  else if ('shape' in computed && 'data' in computed) results.add(name, tensorOr(computed), arrayTensor(expected));
  else if (isFields(expected))
    for (const [part, wanted] of Object.entries(expected)) {
      const value = Object.hasOwn(computed, part) ? (computed as Fields)[part] : undefined;
      if (typeof value === 'number') results.number(`${name}.${part}`, value, wanted);
      else if (isFields(value)) results.add(`${name}.${part}`, tensorOr(value), arrayTensor(wanted));
      else results.missing.push(`${name}.${part}`);
    }
  else throw new Error(`${name}: must be an object`);
}

const tensorOr = (value: HostTensor | Fields): HostTensor | undefined =>
  Array.isArray(value.shape) && Array.isArray(value.data) ? { shape: value.shape, data: value.data } : undefined;

/** A list, or a list of rows, of numbers. */
function arrayTensor(value: unknown): HostTensor {
  if (Array.isArray(value) && value.every(Array.isArray)) {
    const rows = rowsAt({ value }, 'value');
    return { shape: [rows.length, rows[0]?.length ?? 0], data: rows.flat() };
  }
  const data = numbersAt({ value }, 'value');
  return { shape: [data.length], data };
}
