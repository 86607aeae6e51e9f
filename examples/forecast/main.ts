// A forecaster on monthly sunspots, beside the naive and the seasonal-naive forecast:
// node --conditions=@dendrite/source examples/forecast/main.ts [--data FOLDER] [--picture FILE.html] [--short]
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wasm } from '@dendrite/backend-wasm';
import { init } from '@dendrite/core';
import { htmlReport, lineChart } from '@dendrite/report';
import { readFlags } from '../flags/flags.ts';
import { type ForecastPlan, learnAndCompare } from './forecast.ts';
import { madeUp, sunspots } from './series.ts';

const beside = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'series');
const { values } = readFlags({
  options: {
    data: { type: 'string' },
    picture: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});
const real = values.short ? undefined : sunspots(values.data ?? beside);
if (values.data !== undefined && !values.short && !real) {
  console.error(
    `forecast: there must be a file sunspot.month.csv in ${values.data}. Name its folder, or leave --data out.`,
  );
  process.exit(2);
}
const series = real ?? madeUp(600, 7);
const plan: ForecastPlan = real
  ? { window: 132, horizon: 12, units: 24, epochs: 8, seed: 7 }
  : { window: 24, horizon: 6, units: 12, epochs: 8, seed: 7 };
const runtime = await init({ backends: [wasm()] });
const { comparison, example } = await learnAndCompare(series, plan, runtime, (line) => console.log(line));
const { model, naive, seasonalNaive, windows } = comparison;
console.log(`${series.name}: ${plan.horizon} steps ahead of ${windows} windows not trained on, mean absolute error`);
console.log(
  `  learned ${model.mae.toFixed(2)}, last value ${naive.mae.toFixed(2)}, a season ago ${seasonalNaive?.mae.toFixed(2)}`,
);
const { picture } = values;
if (picture !== undefined) {
  const at = (list: readonly number[], from: number) => list.map((value, i) => [from + i, value] as const);
  const chart = lineChart(
    [
      { name: 'known', points: at(example.before, 1 - example.before.length) },
      { name: 'came', points: at(example.came, 1) },
      { name: 'forecast', line: 'dashed', points: at(example.forecast, 1) },
    ],
    { title: series.name, xLabel: 'step', yLabel: 'value' },
  );
  await writeFile(picture, htmlReport({ title: 'Forecast', sections: [{ title: series.name, figures: [chart] }] }));
  console.log(`picture: ${picture}`);
}
if (!(model.mae < naive.mae && model.mae < (seasonalNaive?.mae ?? Number.POSITIVE_INFINITY))) {
  console.error('forecast: the forecaster must be better than both baselines.');
  process.exitCode = 1;
}
