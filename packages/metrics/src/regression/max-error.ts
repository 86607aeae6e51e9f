/** The worst error. */
import type { Metric } from '@dendrite/spec';
import { checkPart, nothing, numberAt, weightOf } from '../part/check-part.ts';

/** Largest error: `max |expectedᵢ − predictedᵢ|` over the examples with a weight above 0. NaN stays NaN. */
export const maxError: Metric<{ readonly largest: number }> = {
  '~dendrite': 'metric',
  name: 'maxError',
  task: 'regression',
  init: () => ({ largest: -1 }),
  update: ({ largest }, part) => {
    const rows = checkPart('maxError', part);
    for (let i = 0; i < rows; i++) {
      const error =
        numberAt('maxError', 'expected', part.expected, i) - numberAt('maxError', 'predicted', part.predicted, i);
      if (weightOf(part, i) > 0) largest = Math.max(largest, Math.abs(error));
    }
    return { largest };
  },
  merge: (a, b) => ({ largest: Math.max(a.largest, b.largest) }),
  value: ({ largest }) => {
    if (largest === -1) throw nothing('maxError');
    return largest;
  },
};
