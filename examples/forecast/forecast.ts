/** A forecaster learns the first part of a series and is measured on the last, beside what nobody has to learn. */
import { adam } from '@dendrite/optimizers';
import { type ForecastComparison, forecaster } from '@dendrite/rnn-lstm';
import type { Runtime } from '@dendrite/spec';
import type { NamedSeries } from './series.ts';

export interface ForecastPlan {
  readonly window: number;
  readonly horizon: number;
  readonly units: number;
  readonly epochs: number;
  readonly seed: number;
}
export interface Forecasted {
  readonly comparison: ForecastComparison;
  /** A forecast from the end of what is known, and what came. */
  readonly example: {
    readonly before: readonly number[];
    readonly forecast: readonly number[];
    readonly came: readonly number[];
  };
}

/** The last fifth is the test; the windows of its first steps reach back into what is known. */
export async function learnAndCompare(
  { values, season }: NamedSeries,
  { window, horizon, units, epochs, seed }: ForecastPlan,
  runtime: Runtime,
  tell: (line: string) => void = () => {},
): Promise<Forecasted> {
  const cut = Math.floor(0.8 * values.length);
  const known = values.slice(0, cut);
  const model = forecaster({
    window,
    horizon,
    units,
    cell: 'gru',
    batchSize: 32,
    clip: { globalNorm: 1 },
    optimizer: adam({ learningRate: 0.003 }),
  });
  const fitted = await model.fit(
    { series: known },
    {
      runtime,
      epochs,
      seed,
      validation: 0.1,
      onProgress: ({ unit, done, metrics }) => {
        if (unit === 'epoch')
          tell(`epoch ${done} of ${epochs}: squared error ${metrics['validation.loss']?.toFixed(1)}`);
      },
    },
  );
  const comparison = await fitted.compare(values.slice(cut - window), { season: Math.min(season, window) });
  const forecast = Array.from(await fitted.forecast(known));
  fitted.dispose();
  return { comparison, example: { before: known.slice(-window), forecast, came: values.slice(cut, cut + horizon) } };
}
