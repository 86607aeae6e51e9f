/** How much surer a model is than it should be. */
import { DendriteError, type Label, type Metric } from '@dendrite/spec';
import { checkPart, checkProbabilities, nothing, sameLabel, weightOf } from '../part/check-part.ts';

interface Bin {
  readonly weight: number;
  readonly sure: number;
  readonly right: number;
}

/**
 * Expected calibration error: rows are binned by the probability of the label that was predicted; it is the mean over rows of
 * `|accuracy − mean probability|` of their bin. NaN stays NaN.
 * @param options.bins  of equal width over [0, 1], default 15
 * @throws OPTION  unless `bins` is a whole number of at least 1; DATA  without probabilities
 * @source Guo et al. (2017), On calibration of modern neural networks
 * @example
 * import { calibrationError } from '@dendrite/metrics';
 * const metric = calibrationError({ bins: 10 });
 */
export function calibrationError({ bins = 15 }: { readonly bins?: number } = {}): Metric<readonly Bin[]> {
  if (!Number.isInteger(bins) || bins < 1)
    throw new DendriteError(
      'OPTION',
      `calibrationError(): bins must be a whole number of at least 1, got ${bins}. Usual are 10 and 15.`,
    );
  return Object.freeze<Metric<readonly Bin[]>>({
    '~dendrite': 'metric',
    name: 'calibrationError',
    task: 'classification',
    init: () => Array.from({ length: bins }, () => ({ weight: 0, sure: 0, right: 0 })),
    update(state, part) {
      const rows = checkPart('calibrationError', part);
      if (rows === 0) return state;
      const { probabilities, columns } = checkProbabilities('calibrationError', part);
      const next = state.map((bin) => ({ ...bin }));
      for (let i = 0; i < rows; i++) {
        const weight = weightOf(part, i);
        if (weight === 0) continue;
        const own = probabilities.data.subarray(i * columns.size, (i + 1) * columns.size);
        const sure = own.reduce((most, p) => Math.max(most, p), 0);
        const bin = next[Number.isNaN(sure) ? 0 : Math.min(bins - 1, Math.max(0, Math.ceil(sure * bins) - 1))];
        if (bin === undefined) continue;
        bin.weight += weight;
        bin.sure += weight * sure;
        const [expected, predicted] = [part.expected[i] as Label, part.predicted[i] as Label];
        if (sameLabel('calibrationError', expected, predicted)) bin.right += weight;
      }
      return next;
    },
    merge: (a, b) =>
      a.map(({ weight, sure, right }, i) => ({
        weight: weight + (b[i]?.weight ?? 0),
        sure: sure + (b[i]?.sure ?? 0),
        right: right + (b[i]?.right ?? 0),
      })),
    value(state) {
      const total = state.reduce((sum, { weight }) => sum + weight, 0);
      if (total === 0) throw nothing('calibrationError');
      return state.reduce((sum, { right, sure }) => sum + Math.abs(right - sure), 0) / total;
    },
  });
}
