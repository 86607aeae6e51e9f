// How many ReLU units die at which learning rate? A unit that answers 0 to every image has no gradient and never comes back:
// node --conditions=@dendrite/source examples/dead-relus/main.ts [--short] [--seed S] [--picture FILE.html]
import { accuracy } from '@dendrite/metrics';
import { classifier } from '@dendrite/nn';
import { sgd } from '@dendrite/optimizers';
import { bars, formatPercent, heatMap } from '@dendrite/report';
import { DendriteError, isDendriteError } from '@dendrite/spec';
import { inkRows, percent, runExample, someDigits } from '../some-digits/some-digits.ts';
import { deadShares, reluNet } from './dead-shares.ts';

interface Row {
  readonly name: string;
  /** By hidden layer. */
  readonly dead: readonly number[];
  readonly accuracy: number;
}

await runExample(async ({ runtime, short, seed, draw }) => {
  const digits = await someDigits(short ? { train: 1000, test: 500 } : { train: 20_000, test: 5000 }, seed);
  const widths = short ? [32, 32] : [64, 64, 64, 64];
  const images = await inkRows(runtime, digits.test);
  const rates = short ? [0.1, 2] : [0.01, 0.03, 0.1, 0.3, 0.6, 0.8, 1.5];
  const runs = [
    ...rates.map((rate) => ({ name: `rate ${rate}`, rate, bias: 0 })),
    { name: 'bias −10', rate: 0.1, bias: -10 },
  ];
  const rows: Row[] = [];
  console.log(
    `${'run'.padEnd(20)}${widths.map((_, i) => `layer ${i + 1}`.padStart(10)).join('')}${'accuracy'.padStart(12)}`,
  );
  for (const { name, rate, bias } of runs) {
    const row = await trained(name, rate, bias);
    rows.push(row);
    console.log(
      `${row.name.padEnd(20)}${row.dead.map((share) => percent(share).padStart(10)).join('')}${percent(row.accuracy).padStart(12)}`,
    );
  }
  images.dispose();
  const dead = rows.at(-1)?.dead ?? [];
  if (!dead.every((share) => share === 1))
    throw new DendriteError(
      'DATA',
      `a bias of −10 must kill every unit, got shares of ${dead.join(', ')}. Something is broken.`,
    );
  await draw('Dead ReLUs', [
    {
      title: 'Dead units by layer',
      text: 'The share of hidden units that answer 0 to every test image, after training. Long steps throw a unit’s bias so far down that no image reaches it; then it has no gradient, and stays.',
      figures: [
        heatMap(
          {
            rows: rows.map(({ name }) => name),
            columns: widths.map((_, i) => `layer ${i + 1}`),
            values: rows.map((row) => row.dead),
          },
          { title: 'Share of dead units', full: 1, numbers: true },
        ),
      ],
    },
    {
      title: 'Accuracy',
      text: `Always saying the most frequent class is right on ${formatPercent(digits.baseline)}.`,
      figures: [
        bars(
          rows.map(({ name, accuracy: value }) => ({ label: name, value })),
          { title: 'Accuracy on test images', format: formatPercent },
        ),
      ],
    },
  ]);
  return {
    accuracy: Math.max(...rows.flatMap((row) => (Number.isNaN(row.accuracy) ? [] : [row.accuracy]))),
    baseline: digits.baseline,
  };

  async function trained(name: string, learningRate: number, bias: number): Promise<Row> {
    const model = classifier(reluNet(widths, 10, bias), { optimizer: sgd({ learningRate }), batchSize: 32 });
    const net = await model.fit(digits.train, { epochs: 2, seed, runtime }).catch((error: unknown) => {
      // Steps so long that the loss became infinite: no unit is left to be asked.
      if (isDendriteError(error, 'NUMERIC')) return undefined;
      throw error;
    });
    if (net === undefined)
      return { name: `${name}, diverged`, dead: widths.map(() => Number.NaN), accuracy: Number.NaN };
    const { accuracy: share } = await net.evaluate(digits.test, { accuracy });
    const row = { name, dead: await deadShares(runtime, net.params, images), accuracy: share };
    net.dispose();
    return row;
  }
});
