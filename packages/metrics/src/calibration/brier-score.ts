/** How far probabilities are from what happened. */
import type { Label, Metric } from '@dendrite/spec';
import { type MeanState, meanMetric } from '../mean/weighted-mean.ts';
import { checkProbabilities, columnOf } from '../part/check-part.ts';

/**
 * Brier score: of two labels the mean of `(p − y)²` for the second; of more, the mean of `Σₖ (pₖ − yₖ)²`. 0 is certain and right.
 * NaN stays NaN.
 * @throws DATA  if the model gives no probabilities, or a label is unknown to it
 * @source Brier (1950), Verification of forecasts expressed in terms of probability
 */
export const brierScore: Metric<MeanState> = /* @__PURE__ */ meanMetric({
  name: 'brierScore',
  task: 'classification',
  scores: (part) => {
    const { probabilities, columns } = checkProbabilities('brierScore', part);
    const width = columns.size;
    return (i) => {
      const expected = columnOf('brierScore', columns, part.expected[i] as Label);
      let sum = 0;
      for (let column = width === 2 ? 1 : 0; column < width; column++)
        sum += ((probabilities.data[i * width + column] ?? Number.NaN) - (column === expected ? 1 : 0)) ** 2;
      return sum;
    };
  },
});
