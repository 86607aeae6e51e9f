/** A forecaster: the next values of a series from the window before them. */
import { type AnyFitted, adaptModel, arraySource, type DefinedModel } from '@dendrite/model';
import {
  dense,
  type NetFitOptions,
  type NetOptions,
  netModel,
  type RegressorCapabilities,
  sequential,
} from '@dendrite/nn';
import {
  type Data,
  DendriteError,
  type FitOptions,
  type Fitted,
  type Inputs,
  type Json,
  type Label,
  type Runtime,
  type SavedModel,
} from '@dendrite/spec';
import { count } from '../option/check-options.ts';
import { cutSource } from '../sequence-models/cut-source.ts';
import { type Body, type BodyOptions, bodyJson, bodyLayer, takeBody } from '../sequence-models/net-body.ts';
import { fieldsOf } from '../sequence-models/sequence-form.ts';
import { takeSequences } from '../sequence-models/sequences.ts';
import { type Examples, takeExamples, withoutValidation } from '../sequence-models/split-examples.ts';
import { version } from '../version.ts';
import { compareForecasts, type ForecastComparison } from './compare-forecasts.ts';
import { forecastHead } from './forecast-head.ts';
import { fitScale, type SeriesScale, scaleFrom, scaleJson } from './series-scale.ts';
import { partOf, type Series, type TakenSeries, takeSeries, windowCount } from './windows.ts';

export interface ForecasterOptions extends BodyOptions {
  /** Steps that a forecast is made from. Default 24. */
  readonly window?: number;
  /** Steps that are forecast. Default 1. */
  readonly horizon?: number;
  /** The channel that is forecast. Default 0. */
  readonly target?: number;
}
/** A series; or, for a horizon of 1, windows `x` with the value that came next. */
export type SeriesData = { readonly series: Series } | Data;

export interface FittedForecaster {
  /** The next `horizon` values after the last `window` steps of this history. */
  forecast(history: Series): Promise<Float64Array>;
  /** Errors over every window of a series (not trained on) beside those of baselines. `season`: steps of a period. */
  compare(series: Series, options?: { readonly season?: number }): Promise<ForecastComparison>;
}
type AnyForecaster = Fitted<RegressorCapabilities, Label> & FittedForecaster;
export interface Forecaster extends Omit<DefinedModel<RegressorCapabilities, NetFitOptions>, 'fit' | 'restore'> {
  fit(
    data: SeriesData,
    options?: NetFitOptions & Omit<FitOptions, 'validation'> & { readonly validation?: SeriesData | number },
  ): Promise<AnyForecaster>;
  restore(saved: SavedModel, options?: { readonly runtime?: Runtime }): Promise<AnyForecaster>;
}
const name = 'rnn-lstm/forecaster';

/**
 * Learns to forecast: a recurrent body reads `window` steps, a dense layer gives the next `horizon` values of one channel at once.
 * Means and deviations are learned from the part that is trained on and travel with the model. A share as `validation` is the end of
 * the series. `predict(windows)` gives the first step ahead of each; `forecast(history)` all of them.
 * @param options.window   default 24
 * @param options.horizon  default 1
 * @param options.target   the channel that is forecast, default 0
 * @param options.cell     `'lstm'` (default), `'gru'` or `'simpleRnn'`; also `units` (32), `layers`, `dropout`, and as of `regressor`
 *   `optimizer`, `clip`, `epochs`, `batchSize`
 * @throws OPTION  for an unknown option or a value out of its range. From `fit`: DATA, SHAPE
 * @example
 * import { forecaster } from '@dendrite/rnn-lstm';
 * const series = Array.from({ length: 120 }, (_, t) => 10 + Math.sin(t / 4));
 * const model = forecaster({ window: 12, horizon: 3, units: 8, epochs: 3 });
 * const fitted = await model.fit({ series });
 * (await fitted.forecast(series)).length; // 3
 */
export function forecaster(options: ForecasterOptions = {}): Forecaster {
  const { body, net } = takeBody('forecaster', options, {
    window: count,
    horizon: count,
    target: { must: 'be a whole number of at least 0', holds: (v) => Number.isSafeInteger(v) && Number(v) >= 0 },
  });
  const { window = 24, horizon = 1, target = 0 } = options;
  const own = { ...bodyJson(body), window, horizon, target };
  const plan: Plan = { body, net, own, window, horizon, target };
  const toData = (given: TakenSeries | Examples<number>, scale: SeriesScale, where: string): Data =>
    'steps' in given ? seriesSource(given, scale, plan, where) : windowsSource(given, scale, plan, where);
  const take = (data: unknown, where: string): TakenSeries | Examples<number> =>
    typeof data === 'object' && data !== null && 'series' in data
      ? takeSeries(data.series, where)
      : takeExamples<number>(data, where);
  return adaptModel<Forecaster, SeriesScale>({
    meta: { name, version, api: 1 },
    capabilities,
    config: own,
    inner: (scale) => innerModel(plan, scale),
    adaptation: {
      learn(data, fit, known) {
        const { train, held } = parted(take(data, 'fit()'), fit, plan);
        const scale = known ?? fitScale('steps' in train ? train : asSeries(train));
        if (target >= scale.channels)
          throw new DendriteError(
            'OPTION',
            `fit(): target must be a channel of the series, 0 to ${scale.channels - 1}, got ${target}.`,
          );
        const rest = held ?? (fit.validation === undefined ? undefined : take(fit.validation, 'fit() validation'));
        return {
          learned: scale,
          data: toData(train, scale, 'fit()'),
          options: { ...fit, ...(rest && { validation: toData(rest, scale, 'fit() validation') }) },
        };
      },
      data: (scale, data, where) => toData(take(data, where), scale, where),
      inputs: (scale, inputs, where) => scaledWindows(takeSequences(inputs, where), scale, plan, where),
      read: (config) => scaleFrom(fieldsOf(config).scale),
      members: (scale, inner) => members(plan, scale, inner),
    },
  });
}

const capabilities: RegressorCapabilities = {
  task: 'regression',
  data: 'batches',
  probabilities: false,
  importance: false,
  outOfBag: false,
  parameters: true,
  resume: 'step',
};
interface Plan {
  readonly body: Body;
  readonly net: NetOptions;
  readonly own: { readonly [name: string]: Json };
  readonly window: number;
  readonly horizon: number;
  readonly target: number;
}
interface Extended {
  all(inputs: Inputs, where: string): Promise<Float64Array>;
}

function innerModel({ body, net, own, horizon, target }: Plan, scale: SeriesScale): object {
  const [mean = 0, deviation = 1] = [scale.mean[target], scale.deviation[target]];
  return netModel<RegressorCapabilities, Extended>({
    name,
    owner: 'forecaster',
    version,
    capabilities,
    layer: sequential(bodyLayer(body, { output: 'last' }), dense(horizon)),
    options: net,
    config: { ...own, scale: scaleJson(scale) },
    fitHead: (_labels, _targets, output) => forecastHead({ mean, deviation }, horizon, output),
    headFrom: (_labels, _json, output) => forecastHead({ mean, deviation }, horizon, output),
    extend: (core, { encode }) => ({
      async all(inputs, where) {
        const found: number[] = [];
        for await (const batch of encode(inputs, where))
          if ('x' in batch) for (const value of (await core.answers(batch)).data) found.push(value * deviation + mean);
        return Float64Array.from(found);
      },
    }),
  });
}

/** What a fitted forecaster can do besides. */
function members(plan: Plan, scale: SeriesScale, inner: AnyFitted): FittedForecaster {
  const { window, horizon, target } = plan;
  const { all } = inner as AnyFitted & Extended;
  return {
    async forecast(history) {
      const series = takeSeries(history, 'forecast()');
      if (series.steps < window)
        throw new DendriteError(
          'DATA',
          `forecast(): the history must have at least ${window} steps, the model's window, got ${series.steps}.`,
        );
      const tail = asWindows(partOf(series, series.steps - window, series.steps), window, 1);
      return all(scaledWindows(tail, scale, plan, 'forecast()'), 'forecast()');
    },
    async compare(given, { season } = {}) {
      const series = takeSeries(given, 'compare()');
      const windows = windowCount(series, plan, 'compare()');
      if (season !== undefined && !(Number.isInteger(season) && season >= 1 && season <= window))
        throw new DendriteError(
          'OPTION',
          `compare(): season must be a whole number from 1 to the window of ${window}, got ${season}.`,
        );
      const found = await all(scaledWindows(asWindows(series, window, windows), scale, plan, 'compare()'), 'compare()');
      return compareForecasts(series, found, { window, horizon, target, season });
    },
  };
}

/** The end of a series validates; of windows, as of rows, any. */
function parted(
  given: TakenSeries | Examples<number>,
  fit: FitOptions,
  { window }: Plan,
): { readonly train: TakenSeries | Examples<number>; readonly held?: TakenSeries | Examples<number> } {
  if (!('steps' in given)) return withoutValidation(given, fit);
  const { validation } = fit;
  if (typeof validation !== 'number') return { train: given };
  if (!(validation > 0 && validation < 1))
    throw new DendriteError(
      'OPTION',
      `fit() validation: the fraction to hold out must be above 0 and below 1, got ${validation}. Use 0.1 for a tenth.`,
    );
  const cut = Math.round(given.steps * (1 - validation));
  // The windows of what is held out reach back into the part that is known.
  return { train: partOf(given, 0, cut), held: partOf(given, Math.max(0, cut - window), given.steps) };
}

type Windows = Pick<ReturnType<typeof takeSequences>, 'rows' | 'channels' | 'lengths' | 'at'>;
/** The windows that begin at 0, 1, … */
const asWindows = ({ channels, at }: TakenSeries, window: number, rows: number): Windows => ({
  rows,
  channels,
  lengths: new Array<number>(rows).fill(window),
  at: (row, t, c) => at(row + t, c),
});
/** All steps of all windows one after another: for means and deviations. */
function asSeries({ x }: Examples<number>): TakenSeries {
  const steps = x.lengths.reduce((a, b) => a + b, 0);
  const length = x.lengths[0] ?? 1;
  return { steps, channels: x.channels, at: (t, c) => x.at(Math.floor(t / length), t % length, c) };
}

/** `[rows, window, channels]`, scaled. @throws SHAPE, DATA */
function scaledWindows(
  { rows, channels, lengths, at }: Windows,
  { mean, deviation, channels: wanted }: SeriesScale,
  { window }: Plan,
  where: string,
): { readonly data: Float32Array; readonly shape: readonly [number, number, number] } {
  const wrong = lengths.findIndex((length) => length !== window);
  if (wrong >= 0 || (rows > 0 && channels !== wanted))
    throw new DendriteError(
      'SHAPE',
      `${where}: windows must be [rows, ${window}, ${wanted}], got ${wrong >= 0 ? `${lengths[wrong]} steps in row ${wrong}` : `${channels} channels`}. Give windows of the model's length, or forecast(history).`,
    );
  const data = new Float32Array(rows * window * wanted);
  for (let row = 0, to = 0; row < rows; row++)
    for (let t = 0; t < window; t++)
      for (let c = 0; c < wanted; c++) data[to++] = (at(row, t, c) - (mean[c] ?? 0)) / (deviation[c] ?? 1);
  return { data, shape: [rows, window, wanted] };
}

function seriesSource(series: TakenSeries, scale: SeriesScale, plan: Plan, where: string): Data {
  const { window, horizon, target } = plan;
  const rows = windowCount(series, plan, where);
  const { data } = scaledWindows(asWindows(series, window, rows), scale, plan, where);
  const width = window * scale.channels;
  const joined = new Float32Array(rows * (width + horizon));
  for (let row = 0; row < rows; row++) {
    const to = row * (width + horizon);
    joined.set(data.subarray(row * width, (row + 1) * width), to);
    for (let ahead = 0; ahead < horizon; ahead++) joined[to + width + ahead] = series.at(row + window + ahead, target);
  }
  const standing = Float64Array.from({ length: rows }, (_, row) => series.at(row + window, target));
  return cutSource({ data: joined, rows, example: [window, scale.channels], targets: horizon, standing });
}

function windowsSource({ x, y, sampleWeight }: Examples<number>, scale: SeriesScale, plan: Plan, where: string): Data {
  if (plan.horizon !== 1)
    throw new DendriteError(
      'DATA',
      `${where}: windows with one value each are for a horizon of 1, got a horizon of ${plan.horizon}. Give { series }.`,
    );
  const { data, shape } = scaledWindows(x, scale, plan, where);
  if (x.rows === 0) throw new DendriteError('DATA', `${where}: the data must have at least one row, got 0.`);
  return arraySource({ x: { data, shape }, targets: y, ...(sampleWeight && { sampleWeight }) });
}
