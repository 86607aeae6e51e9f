/** The share of examples whose predicted label is the expected one. */
import type { Label, Metric } from '@dendrite/spec';
import { type MeanState, meanMetric } from '../mean/weighted-mean.ts';
import { sameLabel } from '../part/check-part.ts';

/**
 * Accuracy: `Σ wᵢ·[expectedᵢ = predictedᵢ] / Σ wᵢ`, from 0 to 1. A label that is NaN makes it NaN.
 * Says little where one class is rare: see `balancedAccuracy` and `f1`.
 * @throws SHAPE  if lengths differ; DATA  if there is no example, or texts meet numbers
 * @example
 * import { accuracy } from '@dendrite/metrics';
 * accuracy.value(accuracy.update(accuracy.init(), { expected: ['a', 'b'], predicted: ['a', 'a'] })); // 0.5
 */
export const accuracy: Metric<MeanState> = /* @__PURE__ */ meanMetric({
  name: 'accuracy',
  task: 'classification',
  scores:
    ({ expected, predicted }) =>
    (i) => {
      const label = expected[i] as Label;
      const guess = predicted[i] as Label;
      if (Number.isNaN(label) || Number.isNaN(guess)) return Number.NaN;
      return sameLabel('accuracy', label, guess) ? 1 : 0;
    },
});
