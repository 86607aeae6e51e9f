/** The share of examples whose expected label is among the k most probable ones. */
import { DendriteError, type Label, type Metric } from '@dendrite/spec';
import { type MeanState, meanMetric } from '../mean/weighted-mean.ts';
import { checkProbabilities, columnOf } from '../part/check-part.ts';

/**
 * Top-k accuracy: 1 for an example when fewer than `k` labels are more probable than the expected one. Of equal
 * probabilities the earlier label ranks first, so `topK(1)` is the accuracy of predicting the first maximum.
 * A row with a NaN makes the result NaN.
 * @param k  Whole number from 1
 * @throws OPTION  if `k` is anything else; DATA  if the model gives no probabilities, or a label is unknown to it
 */
export function topK(k: number): Metric<MeanState> {
  if (!Number.isInteger(k) || k < 1) {
    throw new DendriteError(
      'OPTION',
      `topK(): k must be a whole number from 1, got ${String(k)}. Usual are 1, 3 and 5.`,
    );
  }
  const name = `top${k}`;
  return meanMetric({
    name,
    task: 'classification',
    scores: (part) => {
      const { probabilities, columns } = checkProbabilities(name, part);
      const { data } = probabilities;
      const width = columns.size;
      return (i) => {
        const column = columnOf(name, columns, part.expected[i] as Label);
        const own = data[i * width + column] as number;
        let ahead = 0;
        for (let j = 0; j < width; j++) {
          const other = data[i * width + j] as number;
          if (Number.isNaN(other)) return Number.NaN;
          if (other > own || (other === own && j < column)) ahead++;
        }
        return ahead < k ? 1 : 0;
      };
    },
  });
}
