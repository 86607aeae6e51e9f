/** How surprised the model is by the truth, in nats. */
import type { Label, Metric } from '@dendrite/spec';
import { type MeanState, meanMetric } from '../mean/weighted-mean.ts';
import { checkProbabilities, columnOf } from '../part/check-part.ts';

/** Probabilities are float32: less than its resolution at 1 is taken for this much, so one sure mistake costs 15.9, not ∞. */
const LEAST = 2 ** -23;

/**
 * Log loss (cross-entropy): `−Σ wᵢ · ln max(pᵢ, 2⁻²³) / Σ wᵢ`, where `pᵢ` is the probability of the expected label.
 * 0 is certain and right; `ln(labels)` is guessing. NaN stays NaN.
 * @throws DATA  if the model gives no probabilities, or a label is unknown to it
 */
export const logLoss: Metric<MeanState> = /* @__PURE__ */ meanMetric({
  name: 'logLoss',
  task: 'classification',
  scores: (part) => {
    const { probabilities, columns } = checkProbabilities('logLoss', part);
    return (i) => {
      const column = columnOf('logLoss', columns, part.expected[i] as Label);
      return -Math.log(Math.max(probabilities.data[i * columns.size + column] as number, LEAST));
    };
  },
});
