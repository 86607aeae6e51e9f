// A random forest or a net? Both on the same tables by the same folds, a table with deviations and seconds, and a picture:
// node --conditions=@dendrite/source examples/forest-or-net/main.ts [--data FOLDER] [--folds N] [--picture FILE.html]
import { writeFile } from 'node:fs/promises';
import { relu } from '@dendrite/core';
import { classifier, dense, sequential } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import { randomForestClassifier } from '@dendrite/random-forest';
import { bars, htmlReport, type ReportSection } from '@dendrite/report';
import { isDendriteError, type TableData } from '@dendrite/spec';
import { readFlags } from '../flags/flags.ts';
import { type Comparison, type Contestant, compare } from './compare.ts';
import { readTables } from './tables.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function contestants({ table, target }: TableData): readonly Contestant[] {
  const classes = table.columns.find(({ name }) => name === target)?.categories?.length ?? 2;
  const forest = randomForestClassifier({ trees: 100 });
  const net = classifier(sequential(dense(64), relu, dense(classes)), { optimizer: adam({ learningRate: 0.01 }) });
  return [
    { name: 'forest', fit: (data, options) => forest.fit(data, options) },
    { name: 'net', fit: (data, options) => net.fit(data, { ...options, epochs: 40, batchSize: 32 }) },
  ];
}

async function main(): Promise<void> {
  const { values } = readFlags({
    options: {
      data: { type: 'string', default: '../shared/data' },
      folds: { type: 'string', default: '5' },
      picture: { type: 'string' },
    },
  });
  const folds = Number(values.folds);
  if (!(Number.isInteger(folds) && folds >= 2)) {
    console.error(`--folds must be a whole number of at least 2, got '${values.folds}'.`);
    process.exitCode = 2;
    return;
  }
  const all: { readonly table: string; readonly rows: readonly Comparison[] }[] = [];
  console.log(
    `${'table'.padEnd(16)}${'model'.padEnd(10)}${'accuracy'.padStart(10)}${'deviation'.padStart(12)}${'seconds'.padStart(10)}`,
  );
  for (const { name, data } of await readTables(values.data)) {
    const rows = await compare(data, contestants(data), { folds });
    all.push({ table: name, rows });
    for (const { name: model, mean, deviation, seconds } of rows)
      console.log(
        `${name.padEnd(16)}${model.padEnd(10)}${percent(mean).padStart(10)}${percent(deviation).padStart(12)}${seconds.toFixed(2).padStart(10)}`,
      );
  }
  if (values.picture === undefined) return;
  const chart = (title: string, value: (row: Comparison) => number, format: (value: number) => string): string =>
    bars(
      all.flatMap(({ table, rows }) => rows.map((row) => ({ label: `${table}, ${row.name}`, value: value(row) }))),
      { title, format },
    );
  const sections: readonly ReportSection[] = [
    { title: 'Accuracy', figures: [chart(`Accuracy by ${values.folds} folds`, ({ mean }) => mean, percent)] },
    {
      title: 'Seconds',
      figures: [
        chart(
          'Seconds of training',
          ({ seconds }) => seconds,
          (value) => `${value.toFixed(2)} s`,
        ),
      ],
    },
  ];
  await writeFile(values.picture, htmlReport({ title: 'Forest or net', sections }));
  console.log(`picture: ${values.picture}`);
}

main().catch((error: unknown) => {
  console.error(isDendriteError(error) ? error.message : error);
  process.exitCode = 1;
});
