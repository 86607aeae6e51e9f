/** Errors of forecasts beside those of forecasts that nobody has to learn. Plain data. */
import type { TakenSeries } from './windows.ts';

export interface ForecastErrors {
  /** Mean absolute error. */
  readonly mae: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
}
export interface ForecastComparison {
  readonly windows: number;
  readonly horizon: number;
  readonly model: ForecastErrors;
  /** What was last, for ever. */
  readonly naive: ForecastErrors;
  /** What was a season ago. */
  readonly seasonalNaive?: ForecastErrors;
}

/** @param forecast  `[windows · horizon]`, of every window of the series */
export function compareForecasts(
  { at }: TakenSeries,
  forecast: ArrayLike<number>,
  {
    window,
    horizon,
    target,
    season,
  }: {
    readonly window: number;
    readonly horizon: number;
    readonly target: number;
    readonly season: number | undefined;
  },
): ForecastComparison {
  const windows = forecast.length / horizon;
  const errorsOf = (predicted: (from: number, ahead: number) => number): ForecastErrors => {
    let absolute = 0;
    let squared = 0;
    for (let from = 0; from < windows; from++)
      for (let ahead = 0; ahead < horizon; ahead++) {
        const error = predicted(from, ahead) - at(from + window + ahead, target);
        absolute += Math.abs(error);
        squared += error * error;
      }
    return { mae: absolute / forecast.length, rmse: Math.sqrt(squared / forecast.length) };
  };
  const last = (from: number): number => from + window - 1;
  return {
    windows,
    horizon,
    model: errorsOf((from, ahead) => forecast[from * horizon + ahead] ?? Number.NaN),
    naive: errorsOf((from) => at(last(from), target)),
    // Ahead of a whole season, the season before is itself ahead: the last whole one that is known counts.
    ...(season !== undefined && {
      seasonalNaive: errorsOf((from, ahead) => at(last(from) + 1 + (ahead % season) - season, target)),
    }),
  };
}
