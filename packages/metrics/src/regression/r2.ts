/** How much of the target's variance the predictions account for. */
import type { Metric, MetricPart } from '@dendrite/spec';
import { checkPart, nothing, numberAt, weightOf } from '../part/check-part.ts';
import { mergeSpread, noSpread, type Spread, spreadOf } from './spread.ts';

export interface VarianceState {
  readonly expected: Spread;
  readonly residual: Spread;
}

/**
 * Coefficient of determination: `1 − Σ wᵢ·(yᵢ − ŷᵢ)² / Σ wᵢ·(yᵢ − ȳ)²`. 1 is perfect, 0 is as good as always predicting the
 * mean, below 0 is worse. Where all targets are equal: 1 if every prediction is right, else 0. NaN stays NaN.
 * @throws SHAPE  if lengths differ; DATA  if there is no example, or something is no number
 * @numerics  two passes a part, parts merged by Chan's formula: no cancellation for targets far from 0
 */
export const r2: Metric<VarianceState> = /* @__PURE__ */ varianceMetric(
  'r2',
  ({ residual }) => residual.squares + residual.weight * residual.mean ** 2,
);

/** Explained variance: `1 − Var(y − ŷ) / Var(y)`; as `r2`, but a constant offset costs nothing. */
export const explainedVariance: Metric<VarianceState> = /* @__PURE__ */ varianceMetric(
  'explainedVariance',
  ({ residual }) => residual.squares,
);

function varianceMetric(name: string, unexplained: (state: VarianceState) => number): Metric<VarianceState> {
  return Object.freeze<Metric<VarianceState>>({
    '~dendrite': 'metric',
    name,
    task: 'regression',
    init: () => ({ expected: noSpread, residual: noSpread }),
    update: (state, part) => join(state, measure(name, part)),
    merge: join,
    value: (state) => {
      if (state.expected.weight === 0) throw nothing(name);
      const left = unexplained(state);
      if (state.expected.squares === 0) return Number.isNaN(left) ? left : left === 0 ? 1 : 0;
      return 1 - left / state.expected.squares;
    },
  });
}

function measure(name: string, part: MetricPart): VarianceState {
  const rows = checkPart(name, part);
  const expected = (i: number): number => numberAt(name, 'expected', part.expected, i);
  const weight = (i: number): number => weightOf(part, i);
  return {
    expected: spreadOf(rows, expected, weight),
    residual: spreadOf(rows, (i) => expected(i) - numberAt(name, 'predicted', part.predicted, i), weight),
  };
}

function join(a: VarianceState, b: VarianceState): VarianceState {
  return { expected: mergeSpread(a.expected, b.expected), residual: mergeSpread(a.residual, b.residual) };
}
