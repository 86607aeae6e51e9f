/** What tests do with a metric: measure one part, or several in any grouping. */
import type { Label, Metric, MetricPart } from '@dendrite/spec';

export const measure = <A>(metric: Metric<A>, ...parts: readonly MetricPart[]): number =>
  metric.value(parts.reduce((state, part) => metric.update(state, part), metric.init()));

/** Rows from `begin` to before `end` of a part. */
export function rowsOf(part: MetricPart, begin: number, end: number): MetricPart {
  const cut = <T>(values: ArrayLike<T>): T[] => Array.from(values).slice(begin, end);
  const { expected, predicted, probabilities, labels, sampleWeight } = part;
  return {
    expected: cut<Label>(expected),
    predicted: cut<Label>(predicted),
    ...(labels === undefined ? {} : { labels }),
    ...(sampleWeight === undefined ? {} : { sampleWeight: cut(sampleWeight) }),
    ...(probabilities === undefined
      ? {}
      : {
          probabilities: {
            data: probabilities.data.slice(begin * probabilities.shape[1], end * probabilities.shape[1]),
            shape: [end - begin, probabilities.shape[1]] as const,
          },
        }),
  };
}
