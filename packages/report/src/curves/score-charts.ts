/** What `rocCurve`, `precisionRecallCurve` and `calibrationCurve` of the metrics give, as pictures with what chance would do. */
import { DendriteError } from '@dendrite/spec';
import { formatNumber } from '../scale/numbers.ts';
import { lineChart, type Series } from './line-chart.ts';
import type { Point } from './points.ts';

export interface ScoreChartOptions {
  readonly title?: string;
  readonly width?: number;
  readonly height?: number;
}
const square = { width: 560, height: 460 };

/**
 * True positive rate over false positive rate, and the diagonal of chance.
 * @param curves  by name; one line each
 * @throws SHAPE  if the lists of a curve differ in length
 * @example
 * import { rocChart } from '@dendrite/report';
 * rocChart({ forest: { falsePositiveRates: [0, 0, 1], truePositiveRates: [0, 0.8, 1] } });
 */
export function rocChart(
  curves: Readonly<
    Record<string, { readonly falsePositiveRates: readonly number[]; readonly truePositiveRates: readonly number[] }>
  >,
  { title = 'ROC curve', ...size }: ScoreChartOptions = {},
): string {
  const lines = Object.entries(curves).map(([name, { falsePositiveRates, truePositiveRates }]) => ({
    name,
    points: zipped('rocChart', falsePositiveRates, truePositiveRates),
  }));
  const areas = lines.map(({ name, points }) => `${name}: area ${formatNumber(areaUnder(points))}`);
  return lineChart([...lines, diagonal('chance')], {
    title,
    xLabel: 'false positive rate',
    yLabel: 'true positive rate',
    note: areas.length === 1 ? (areas[0] ?? '').replace(/^.*: /, '') : '',
    description: areas.join('; '),
    ...square,
    ...size,
  });
}

/**
 * Precision over recall. `share` of positive rows is what chance would give at every recall.
 * @param curves  by name; one line each
 * @throws SHAPE  if the lists of a curve differ in length
 */
export function precisionRecallChart(
  curves: Readonly<Record<string, { readonly recalls: readonly number[]; readonly precisions: readonly number[] }>>,
  { title = 'Precision and recall', share, ...size }: ScoreChartOptions & { readonly share?: number } = {},
): string {
  const lines = Object.entries(curves).map(([name, { recalls, precisions }]) => ({
    name,
    points: zipped('precisionRecallChart', recalls, precisions),
  }));
  const chance: readonly Series[] =
    share === undefined
      ? []
      : [
          {
            name: 'chance',
            line: 'dashed',
            color: 5,
            points: [
              [0, share],
              [1, share],
            ],
          },
        ];
  return lineChart([...lines, ...chance], { title, xLabel: 'recall', yLabel: 'precision', ...square, ...size });
}

/**
 * What came true over what was promised; on the diagonal, probabilities mean what they say. Above it the model is too modest.
 * @param curves  by name; one line each
 * @throws SHAPE  if the lists of a curve differ in length
 */
export function calibrationChart(
  curves: Readonly<Record<string, { readonly predicted: readonly number[]; readonly observed: readonly number[] }>>,
  { title = 'Calibration', ...size }: ScoreChartOptions = {},
): string {
  const lines = Object.entries(curves).map(([name, { predicted, observed }]) => ({
    name,
    points: zipped('calibrationChart', predicted, observed),
  }));
  return lineChart([...lines, diagonal('perfect')], {
    title,
    xLabel: 'mean predicted probability',
    yLabel: 'share that came true',
    ...square,
    ...size,
  });
}

const diagonal = (name: string): Series => ({
  name,
  line: 'dashed',
  color: 5,
  points: [
    [0, 0],
    [1, 1],
  ],
});

function zipped(owner: string, xs: readonly number[], ys: readonly number[]): readonly Point[] {
  if (xs.length !== ys.length)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): both lists of a curve must be equally long, got ${xs.length} and ${ys.length}. Pass the curve as the metrics gave it.`,
    );
  return xs.map((x, i): Point => [x, ys[i] ?? Number.NaN]);
}

/** Trapezoids. */
function areaUnder(points: readonly Point[]): number {
  let area = 0;
  for (const [i, [x, y]] of points.entries()) {
    const [x0, y0] = points[i - 1] ?? [x, y];
    area += ((x - x0) * (y + y0)) / 2;
  }
  return area;
}
