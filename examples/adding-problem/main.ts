// An LSTM and a plain recurrent network on the adding problem, T = 50: errors beside what always saying 1 gives, and how much of a
// gradient reaches each step. node --conditions=@dendrite/source examples/adding-problem/main.ts [--picture FILE.html] [--short]
import { writeFile } from 'node:fs/promises';
import { wasm } from '@dendrite/backend-wasm';
import { init } from '@dendrite/core';
import { bars, htmlReport, lineChart } from '@dendrite/report';
import { readFlags } from '../flags/flags.ts';
import { chainNorms, type NamedNorms } from './chain-norms.ts';
import { type CompetePlan, type Competition, compete } from './compete.ts';

const { values } = readFlags({ options: { picture: { type: 'string' }, short: { type: 'boolean', default: false } } });
const plan: CompetePlan = values.short
  ? { steps: 10, rows: 1000, epochs: 10, units: 16, seed: 7 }
  : { steps: 50, rows: 10_000, epochs: 8, units: 32, seed: 7 };
const runtime = await init({ backends: [wasm()] });
const found = await compete(plan, runtime, (line) => console.log(line));
console.log(`always 1: mean squared error ${found.baseline.toFixed(4)} on 2000 test sequences`);
for (const { name, testError, norms } of found.competitors)
  console.log(
    `${name}: mean squared error ${testError.toFixed(4)}; the gradient of the first step is ${(1 / norms.ratio).toPrecision(2)} of the last's`,
  );
const { picture } = values;
if (picture !== undefined) {
  await writeFile(picture, page(plan, found, await chainNorms(plan.steps, runtime)));
  console.log(`picture: ${picture}`);
}
const [plain, remembering] = found.competitors;
if (!remembering || !plain || remembering.testError > found.baseline / 2) {
  console.error('adding-problem: the LSTM must be far better than always saying 1.');
  process.exitCode = 1;
}

function page({ steps }: CompetePlan, { baseline, competitors }: Competition, chains: readonly NamedNorms[]): string {
  return htmlReport({
    title: 'The adding problem',
    subtitle: `${steps} numbers, two of them marked: what is their sum?`,
    facts: competitors.map(({ name, testError }) => ({ label: `${name}, squared error`, value: testError.toFixed(4) })),
    sections: [
      {
        title: 'Learning',
        text: `Always saying 1 has an error of ${baseline.toFixed(3)}.`,
        figures: [
          lineChart(
            [
              ...competitors.map(({ name, errors }) => ({
                name,
                points: errors.map((error, epoch) => [epoch + 1, error] as const),
              })),
              {
                name: 'always 1',
                line: 'dashed',
                points: [
                  [1, baseline],
                  [competitors[0]?.errors.length ?? 1, baseline],
                ],
              },
            ],
            {
              title: 'Error on sequences not trained on',
              xLabel: 'epoch',
              yLabel: 'mean squared error',
              yScale: 'log',
              wholeX: true,
            },
          ),
          bars(
            competitors.map(({ name, testError }) => ({ label: name, value: testError })),
            { title: 'Test' },
          ),
        ],
      },
      {
        title: 'What reaches the first step',
        text: 'Norms of the gradient of the loss with respect to each step of the input, after training. The plain network hears almost nothing of the beginning.',
        figures: [
          chartOf(
            'Gradient by step',
            competitors.map(({ name, norms }) => ({ name, norms: norms.norms })),
          ),
        ],
      },
      {
        title: 'Vanishing, steady, exploding, clipped',
        text: 'Three plain networks with relu before any training; their recurrent weights multiply by 0.8, 1 and 1.25 a step. Clipping scales the exploding gradient to a norm of 1 as a whole: what was small beside the rest stays so.',
        figures: [chartOf('Gradient by step', chains)],
      },
    ],
  });
}

function chartOf(title: string, all: readonly NamedNorms[]): string {
  return lineChart(
    all.map(({ name, norms }) => ({ name, points: norms.map((norm, t) => [t + 1, norm] as const) })),
    { title, xLabel: 'step', yLabel: 'norm', yScale: 'log', wholeX: true },
  );
}
