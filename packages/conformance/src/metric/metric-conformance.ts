/** The metric kit: parts joined are the whole, weights are counts, nothing is not a number out of thin air. */
import type { Label, Metric, MetricPart } from '@dendrite/spec';
import { normalOf, numbersOf } from '../inputs/numbers.ts';
import { check, type ExpectedFailures, type KitCase, withExpectedFailures } from '../kit/kit-case.ts';

export interface MetricKit {
  /** What it must give for one part. */
  readonly golden?: readonly { readonly part: MetricPart; readonly value: number }[];
  /** Value of a perfect prediction. */
  readonly perfect?: number;
  readonly tolerance?: number;
  readonly expectedFailures?: ExpectedFailures;
}

const close = (a: number, b: number, tolerance: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));

/** Forty examples of the metric's task, with weights and probabilities. */
function examples(task: Metric['task']): MetricPart & { readonly sampleWeight: readonly number[] } {
  const next = numbersOf('metric');
  const rows = 40;
  const sampleWeight = Array.from({ length: rows }, () => 1 + Math.floor(3 * next()));
  if (task === 'regression') {
    const expected = Array.from({ length: rows }, () => 3 + normalOf(next));
    return { expected, predicted: expected.map((value) => value + 0.3 * normalOf(next)), sampleWeight };
  }
  const labels: readonly Label[] = ['ant', 'bee', 'cat'];
  const expected = Array.from({ length: rows }, () => labels[Math.floor(3 * next())] ?? 'ant');
  const data = new Float32Array(rows * 3);
  const predicted = expected.map((label, row) => {
    const scores = labels.map((each) => Math.exp((each === label ? 1 : 0) + normalOf(next)));
    const sum = scores.reduce((total, score) => total + score, 0);
    for (const [k, score] of scores.entries()) data[row * 3 + k] = score / sum;
    return labels[scores.indexOf(Math.max(...scores))] ?? 'ant';
  });
  return { expected, predicted, sampleWeight, labels, probabilities: { data, shape: [rows, 3] } };
}

/** Some rows of a part, in the order asked; a row may come twice. */
function rowsOf(part: MetricPart, rows: readonly number[]): MetricPart {
  const { probabilities, sampleWeight } = part;
  const classes = probabilities?.shape[1] ?? 0;
  return {
    ...part,
    expected: rows.map((row) => part.expected[row] as Label),
    predicted: rows.map((row) => part.predicted[row] as Label),
    ...(sampleWeight && { sampleWeight: rows.map((row) => sampleWeight[row] as number) }),
    ...(probabilities && {
      probabilities: {
        shape: [rows.length, classes] as const,
        data: Float32Array.from(
          rows.flatMap((row) => [...probabilities.data.subarray(row * classes, (row + 1) * classes)]),
        ),
      },
    }),
  };
}

const range = (begin: number, end: number): number[] => Array.from({ length: end - begin }, (_, i) => begin + i);

/**
 * Cases for any `Metric`: parts joined by `update` or `merge` give the value of the whole, weights count as rows, order does not
 * matter, states share nothing, and nothing is not given a number out of thin air.
 * @example
 * import { metricConformance } from '@dendrite/conformance';
 * import { accuracy } from '@dendrite/metrics';
 * for (const c of metricConformance(() => accuracy, { perfect: 1 })) await c.run();
 */
export function metricConformance<A>(make: () => Metric<A>, kit: MetricKit = {}): readonly KitCase[] {
  const { tolerance = 1e-9, golden = [], perfect } = kit;
  const whole = examples(make().task);
  const count = whole.expected.length;
  const { sampleWeight: _, ...unweighted } = whole;
  const of = (...parts: readonly MetricPart[]): number => {
    const metric = make();
    return metric.value(parts.reduce((state, part) => metric.update(state, part), metric.init()));
  };
  const same = (what: string, actual: number, expected: number): void =>
    check(close(actual, expected, tolerance), `${what} must give ${expected}, got ${actual}`);

  const cases: KitCase[] = [
    {
      name: 'metric: says its name and task',
      async run() {
        const { name, task } = make();
        check(
          name.length > 1 && ['classification', 'regression', 'any'].includes(task),
          `must say what it is, got '${name}' for '${task}'`,
        );
      },
    },
    {
      name: 'metric: part by part is the whole',
      async run() {
        const all = of(whole);
        check(Number.isFinite(all), `must be a number, got ${all}`);
        same('four parts', of(...[0, 1, 2, 3].map((i) => rowsOf(whole, range(10 * i, 10 * i + 10)))), all);
        same('row by row', of(...range(0, count).map((row) => rowsOf(whole, [row]))), all);
      },
    },
    {
      name: 'metric: merge joins two parts, in any order and grouping',
      async run() {
        const metric = make();
        const part = (begin: number, end: number): A => metric.update(metric.init(), rowsOf(whole, range(begin, end)));
        const all = of(whole);
        same('merge(a, b)', metric.value(metric.merge(part(0, 13), part(13, count))), all);
        same('merge(b, a)', metric.value(metric.merge(part(13, count), part(0, 13))), all);
        same(
          'merge(merge(a, b), c)',
          metric.value(metric.merge(metric.merge(part(0, 5), part(5, 21)), part(21, count))),
          all,
        );
        same(
          'merge(a, merge(b, c))',
          metric.value(metric.merge(part(0, 5), metric.merge(part(5, 21), part(21, count)))),
          all,
        );
        same(
          'merge with an empty state',
          metric.value(metric.merge(metric.init(), metric.merge(part(0, count), metric.init()))),
          all,
        );
      },
    },
    {
      name: 'metric: a part without rows changes nothing',
      async run() {
        same('with an empty part', of(rowsOf(whole, []), whole, rowsOf(whole, [])), of(whole));
      },
    },
    {
      name: 'metric: a weight of n counts as n rows',
      async run() {
        const repeated = range(0, count).flatMap((row) => new Array<number>(whole.sampleWeight[row] ?? 1).fill(row));
        same('weights', of(whole), of(rowsOf(unweighted, repeated)));
        const ones = new Array<number>(count).fill(1);
        same('weights of 1', of({ ...unweighted, sampleWeight: ones }), of(unweighted));
        const zeros = ones.map((_one, row) => (row < 20 ? 1 : 0));
        same('weights of 0', of({ ...unweighted, sampleWeight: zeros }), of(rowsOf(unweighted, range(0, 20))));
      },
    },
    {
      name: 'metric: the order of rows does not matter',
      async run() {
        same('reversed', of(rowsOf(whole, range(0, count).reverse())), of(whole));
      },
    },
    {
      name: 'metric: fresh states share nothing',
      async run() {
        const metric = make();
        const before = of(whole);
        metric.update(metric.init(), rowsOf(whole, range(0, 7)));
        same('after another use', of(whole), before);
      },
    },
    {
      name: 'metric: of nothing it gives NaN or says so',
      async run() {
        const metric = make();
        let value = Number.NaN;
        try {
          value = metric.value(metric.init());
        } catch {
          return;
        }
        check(Number.isNaN(value), `of nothing it must give NaN or throw, got ${value}`);
      },
    },
    ...golden.map(
      ({ part, value }, i): KitCase => ({
        name: `metric: golden value ${i}`,
        run: async () => same('the part', of(part), value),
      }),
    ),
  ];
  if (perfect !== undefined)
    cases.push({
      name: 'metric: a perfect prediction',
      async run() {
        const labels = whole.labels ?? [];
        const probabilities = whole.probabilities && {
          shape: whole.probabilities.shape,
          data: Float32Array.from(
            range(0, count).flatMap((row) => labels.map((label) => (label === whole.expected[row] ? 1 : 0))),
          ),
        };
        same(
          'the expected values as predicted',
          of({ ...whole, predicted: whole.expected, ...(probabilities && { probabilities }) }),
          perfect,
        );
      },
    });
  return withExpectedFailures(`metric kit of ${make().name}`, cases, kit.expectedFailures);
}
