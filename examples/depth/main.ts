// Is deeper better? 2 to 24 hidden layers with and without shortcuts: accuracy, gradient norm by layer, seconds:
// node --conditions=@dendrite/source examples/depth/main.ts [--short] [--seed S] [--picture FILE.html]
import { accuracy } from '@dendrite/metrics';
import { classifier } from '@dendrite/nn';
import { sgd } from '@dendrite/optimizers';
import { lineChart, table } from '@dendrite/report';
import type { Runtime, Tensor } from '@dendrite/spec';
import { inkRows, percent, runExample, someDigits } from '../some-digits/some-digits.ts';
import { depthNet, gradientNorms } from './depth-net.ts';

interface Row {
  readonly depth: number;
  readonly shortcuts: boolean;
  readonly accuracy: number;
  /** Of each layer's weights, from the input to the outputs. */
  readonly norms: readonly number[];
  readonly seconds: number;
}

await runExample(async ({ runtime, short, seed, draw }) => {
  const digits = await someDigits(short ? { train: 1000, test: 500 } : { train: 10_000, test: 5000 }, seed);
  const depths = short ? [2, 12] : [2, 4, 8, 12, 16, 24];
  const rows: Row[] = [];
  const batch = await firstBatch(runtime);
  console.log('hidden layers   shortcuts   accuracy   gradient of the first and the last layer   seconds');
  for (const depth of depths)
    for (const shortcuts of [false, true]) {
      const row = await measured(depth, shortcuts);
      rows.push(row);
      const ends = [row.norms[0] ?? Number.NaN, row.norms.at(-1) ?? Number.NaN]
        .map((norm) => norm.toExponential(1))
        .join(', ');
      console.log(
        `${String(depth).padStart(13)}   ${(shortcuts ? 'yes' : 'no').padStart(9)}   ${percent(row.accuracy).padStart(8)}   ${ends.padStart(40)}   ${row.seconds.toFixed(1).padStart(7)}`,
      );
    }
  for (const tensor of [batch.x, batch.y]) tensor.dispose();

  const by = (shortcuts: boolean, value: (row: Row) => number) =>
    rows.filter((row) => row.shortcuts === shortcuts).map((row) => [row.depth, value(row)] as const);
  const deepest = rows.filter(({ depth }) => depth === depths.at(-1));
  await draw('Depth', [
    {
      title: 'Accuracy',
      text: `On ${digits.test.rows} test images after two passes over ${digits.train.rows}; always saying the most frequent class is right on ${percent(digits.baseline)}.`,
      figures: [
        lineChart(
          [
            { name: 'with shortcuts', points: by(true, (row) => row.accuracy) },
            { name: 'plain', points: by(false, (row) => row.accuracy) },
          ],
          { title: 'Accuracy by depth', xLabel: 'hidden layers', yLabel: 'accuracy', wholeX: true },
        ),
      ],
    },
    {
      title: 'Gradients',
      text: 'Before any training. Plain layers shrink what goes forward and what comes back by a factor each; a weight’s gradient is the product of both, so it is small everywhere. A shortcut hands both on as they are.',
      figures: [
        lineChart(
          deepest.map(({ shortcuts, norms }) => ({
            name: shortcuts ? 'with shortcuts' : 'plain',
            color: shortcuts ? 0 : 1,
            points: norms.map((norm, layer) => [layer + 1, norm] as const),
          })),
          {
            title: `Gradient norm by layer, ${depths.at(-1)} hidden layers`,
            xLabel: 'layer, from the input',
            yLabel: 'norm',
            yScale: 'log',
            wholeX: true,
          },
        ),
      ],
    },
    {
      title: 'Time',
      figures: [
        table(
          ['hidden layers', 'shortcuts', 'accuracy', 'seconds'],
          rows.map((row) => [row.depth, row.shortcuts ? 'yes' : 'no', percent(row.accuracy), row.seconds.toFixed(1)]),
        ),
      ],
    },
  ]);
  const best = Math.max(
    ...rows.filter(({ shortcuts, depth }) => shortcuts && depth === depths.at(-1)).map((row) => row.accuracy),
  );
  return { accuracy: best, baseline: digits.baseline };

  async function measured(depth: number, shortcuts: boolean): Promise<Row> {
    const net = depthNet(depth, { width: 32, classes: 10, shortcuts });
    const norms = await gradientNorms(runtime, net, { ...batch, seed });
    const began = performance.now();
    const fitted = await classifier(net, { optimizer: sgd({ learningRate: 0.05 }), batchSize: 32 }).fit(digits.train, {
      epochs: 2,
      seed,
      runtime,
    });
    const seconds = (performance.now() - began) / 1000;
    const { accuracy: share } = await fitted.evaluate(digits.test, { accuracy });
    fitted.dispose();
    return { depth, shortcuts, accuracy: share, norms, seconds };
  }

  async function firstBatch(on: Runtime): Promise<{ readonly x: Tensor; readonly y: Tensor }> {
    const few = digits.train.select(Uint32Array.from({ length: 128 }, (_, i) => i));
    return { x: await inkRows(on, few), y: on.tensor(Int32Array.from(few.targets())) };
  }
});
