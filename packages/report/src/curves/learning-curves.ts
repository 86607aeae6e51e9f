/** Learning curves: how a measure moved on the training part and on the part held out, and the gap between them. */
import { DendriteError, type ProgressEvent } from '@dendrite/spec';
import { formatNumber } from '../scale/numbers.ts';
import { lineChart, type Series } from './line-chart.ts';
import type { Point } from './points.ts';

/** One value an epoch. */
export interface Curves {
  readonly train: readonly number[];
  readonly validation?: readonly number[];
}

export interface LearningCurveOptions {
  /** Name of the measure in the events; its counterpart is `validation.<metric>`. Default `'loss'`. */
  readonly metric?: string;
  readonly title?: string;
  /** Which direction is better; decides where the best validation value is marked. Default: lower for losses and errors, else higher. */
  readonly better?: 'lower' | 'higher';
  /** `'log'` shows late progress of a loss. Default: log where the metric is positive and falls to less than a fifteenth. */
  readonly yScale?: 'linear' | 'log';
  readonly width?: number;
  readonly height?: number;
}

/**
 * An SVG of a run's history, or of plain numbers. Of events after batches the training line is a mean over the
 * fiftieth of them around each, with the raw values behind it. The area between the lines is the gap that overfitting opens.
 * @param history  Events of a run (`fitted.history`, or all that `onProgress` was given), or one number an epoch
 * @throws DATA  if no event has the metric
 * @example
 * import { learningCurves } from '@dendrite/report';
 * learningCurves({ train: [0.9, 0.4, 0.1], validation: [0.95, 0.5, 0.6] }, { title: 'Loss' });
 */
export function learningCurves(history: readonly ProgressEvent[] | Curves, options: LearningCurveOptions = {}): string {
  const {
    metric = 'loss',
    title = `Learning curve: ${metric}`,
    better = /loss|error/i.test(metric) ? 'lower' : 'higher',
    width,
    height,
  } = options;
  const { raw, train, validation, xLabel } = 'train' in history ? fromCurves(history) : fromEvents(history, metric);
  const last = validation.findLast(isFinitePoint);
  const best = bestOf(validation, better);
  const end = train.findLast(isFinitePoint)?.[1] ?? Number.NaN;
  const series: Series[] = [
    ...(raw.length > 0 ? [{ name: 'each batch', points: raw, line: 'faint' as const, color: 0 }] : []),
    { name: 'training', points: train, color: 0 },
    ...(validation.length > 0 ? [{ name: 'validation', points: validation, line: 'dashed' as const, color: 1 }] : []),
  ];
  const words = [`${metric} on the training part ends at ${formatNumber(end)}`];
  if (last !== undefined)
    words.push(
      `on the validation part at ${formatNumber(last[1])}`,
      `a gap of ${formatNumber(Math.abs(last[1] - end))}`,
    );
  if (best !== undefined)
    words.push(`best validation value ${formatNumber(best[1])} at ${xLabel} ${formatNumber(best[0])}`);
  const lost = [...raw, ...train, ...validation].filter((point) => !isFinitePoint(point)).length;
  if (lost > 0) words.push(`${lost} values are not finite`);
  return lineChart(series, {
    title,
    xLabel,
    yLabel: metric,
    wholeX: true,
    yScale: options.yScale ?? fallsFar(raw.length > 0 ? raw : train, validation),
    ...(last === undefined ? {} : { note: `gap at the end: ${formatNumber(Math.abs(last[1] - end))}` }),
    between: ['training', 'validation'],
    marks: best === undefined || best === last ? [] : [{ at: best, label: `best ${formatNumber(best[1])}`, color: 1 }],
    description: words.join(', '),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  });
}

interface Lines {
  readonly raw: readonly Point[];
  readonly train: readonly Point[];
  readonly validation: readonly Point[];
  readonly xLabel: string;
}

const isFinitePoint = ([, y]: Point): boolean => Number.isFinite(y);

function fromCurves({ train, validation = [] }: Curves): Lines {
  const points = (values: readonly number[]): Point[] => values.map((value, i) => [i + 1, value]);
  return { raw: [], train: points(train), validation: points(validation), xLabel: 'epoch' };
}

/** Batches and epochs meet on one axis: the examples trained on so far. */
function fromEvents(events: readonly ProgressEvent[], metric: string): Lines {
  const have = (unit: (event: ProgressEvent) => boolean, name: string, x: (event: ProgressEvent) => number): Point[] =>
    events
      .filter((event) => unit(event) && event.metrics[name] !== undefined)
      .map((event) => [x(event), event.metrics[name] ?? Number.NaN]);
  const isBatch = (event: ProgressEvent): boolean => event.unit === 'batch';
  const isUnit = (event: ProgressEvent): boolean => event.unit !== 'batch';
  const examples = (event: ProgressEvent): number => event.examples;
  const raw = have(isBatch, metric, examples);
  if (raw.length > 1) {
    const validation = have(() => true, `validation.${metric}`, examples);
    return { raw, train: smooth(raw, Math.ceil(raw.length / 100)), validation, xLabel: 'training examples seen' };
  }
  const train = have(isUnit, metric, ({ done }) => done);
  const validation = have(isUnit, `validation.${metric}`, ({ done }) => done);
  if (train.length === 0 && validation.length === 0) {
    const known = [...new Set(events.flatMap((event) => Object.keys(event.metrics)))];
    throw new DendriteError(
      'DATA',
      `learningCurves(): some event must have the metric "${metric}", got ${known.length === 0 ? 'no metrics' : known.join(', ')} in ${events.length} events. Name one of those, or pass { train, validation }.`,
    );
  }
  return { raw: [], train, validation, xLabel: events.some(({ unit }) => unit === 'tree') ? 'trees' : 'epoch' };
}

/** Whether a linear axis would press what matters into its lowest pixels. */
function fallsFar(train: readonly Point[], validation: readonly Point[]): 'linear' | 'log' {
  const values = [...train, ...validation].map(([, y]) => y).filter(Number.isFinite);
  const last = train.findLast(isFinitePoint)?.[1] ?? 0;
  return values.length > 2 && values.every((y) => y > 0) && last * 15 < Math.max(...values.slice(0, 3))
    ? 'log'
    : 'linear';
}

/** Mean of the finite values at most `half` places away. */
function smooth(points: readonly Point[], half: number): Point[] {
  const sums = [0];
  const counts = [0];
  for (const [i, [, y]] of points.entries()) {
    sums.push((sums[i] ?? 0) + (Number.isFinite(y) ? y : 0));
    counts.push((counts[i] ?? 0) + (Number.isFinite(y) ? 1 : 0));
  }
  return points.map(([x, y], i) => {
    // Centred at the start too, so that it does not lag behind a falling loss; at the end a whole half is behind it.
    const from = i - Math.min(half, i);
    const to = i + Math.min(half, i, points.length - 1 - i) + 1;
    const count = (counts[to] ?? 0) - (counts[from] ?? 0);
    return [x, Number.isFinite(y) ? ((sums[to] ?? 0) - (sums[from] ?? 0)) / count : y];
  });
}

function bestOf(points: readonly Point[], better: 'lower' | 'higher'): Point | undefined {
  const sign = better === 'lower' ? 1 : -1;
  return points
    .filter(isFinitePoint)
    .reduce<Point | undefined>(
      (best, point) => (best === undefined || sign * point[1] < sign * best[1] ? point : best),
      undefined,
    );
}
