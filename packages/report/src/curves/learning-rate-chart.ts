/** The loss over growing learning rates, as `findLearningRate` of nn found it. */
import { formatNumber } from '../scale/numbers.ts';
import { lineChart } from './line-chart.ts';
import type { Point } from './points.ts';
import type { ScoreChartOptions } from './score-charts.ts';

/**
 * Where the line falls, the network learns; where it rises, steps are too long. The suggested rate is marked.
 * @param found.rates, found.losses  one of each a step
 * @param found.smoothed             drawn over the raw losses
 * @param found.suggested            a rate to mark
 * @example
 * import { learningRateChart } from '@dendrite/report';
 * learningRateChart({ rates: [1e-4, 1e-3, 1e-2, 0.1], losses: [2.3, 2.1, 1.2, 3], suggested: 3e-3 });
 */
export function learningRateChart(
  found: {
    readonly rates: readonly number[];
    readonly losses: readonly number[];
    readonly smoothed?: readonly number[];
    readonly suggested?: number;
  },
  { title = 'Loss by learning rate', ...size }: ScoreChartOptions = {},
): string {
  const { rates, losses, smoothed = losses, suggested } = found;
  const line = (values: readonly number[]): Point[] => rates.map((rate, i): Point => [rate, values[i] ?? Number.NaN]);
  const at = suggested === undefined ? -1 : nearest(rates, suggested);
  const marks =
    suggested === undefined || at < 0
      ? []
      : [
          {
            at: [suggested, smoothed[at] ?? Number.NaN] as const,
            label: `suggested ${formatNumber(Number(suggested.toPrecision(2)))}`,
            color: 1,
          },
        ];
  return lineChart(
    [
      { name: 'each step', points: line(losses), line: 'faint', color: 0 },
      { name: 'smoothed', points: line(smoothed), color: 0 },
    ],
    { title, xLabel: 'learning rate', xScale: 'log', yLabel: 'loss', marks, ...size },
  );
}

const nearest = (values: readonly number[], wanted: number): number =>
  values.reduce((best, value, i) => (Math.abs(value - wanted) < Math.abs((values[best] ?? 0) - wanted) ? i : best), 0);
