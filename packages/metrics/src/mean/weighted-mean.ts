/** Metrics that are a weighted mean of one number an example: `Σ wᵢ·sᵢ / Σ wᵢ`. */
import type { Metric, MetricPart } from '@dendrite/spec';
import { checkPart, nothing, weightOf } from '../part/check-part.ts';

export interface MeanState {
  readonly weight: number;
  readonly total: number;
}

interface MeanDefinition {
  readonly name: string;
  readonly task: Metric['task'];
  /** Checks a part and gives the score of its example `i`; NaN stays NaN in the mean. */
  scores(part: MetricPart): (i: number) => number;
  /** What to report of the mean. Default: itself. */
  readonly of?: (mean: number) => number;
}

/**
 * A metric of this kind. Parts may come in any number and order.
 * @example
 * import { meanMetric } from '@dendrite/metrics';
 * const hinge = meanMetric({
 *   name: 'hinge', task: 'regression',
 *   scores: ({ expected, predicted }) => (i) => Math.max(0, 1 - Number(expected[i]) * Number(predicted[i])),
 * });
 * hinge.value(hinge.update(hinge.init(), { expected: [1, -1], predicted: [0.5, -2] })); // 0.25
 */
export function meanMetric({ name, task, scores, of = (mean) => mean }: MeanDefinition): Metric<MeanState> {
  return Object.freeze<Metric<MeanState>>({
    '~dendrite': 'metric',
    name,
    task,
    init: () => ({ weight: 0, total: 0 }),
    update: ({ weight, total }, part) => {
      const rows = checkPart(name, part);
      const score = scores(part);
      for (let i = 0; i < rows; i++) {
        const w = weightOf(part, i);
        if (w === 0) continue;
        weight += w;
        total += w * score(i);
      }
      return { weight, total };
    },
    merge: (a, b) => ({ weight: a.weight + b.weight, total: a.total + b.total }),
    value: ({ weight, total }) => {
      if (weight === 0) throw nothing(name);
      return of(total / weight);
    },
  });
}
