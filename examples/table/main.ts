// A dense network on a table, with what it has to beat beside it:
// node --conditions=@dendrite/source examples/table/main.ts [FILE.csv TARGET]; without a file, on iris.
import { readFile } from 'node:fs/promises';
import { tanh } from '@dendrite/core';
import { describeTable, iris, splitTable } from '@dendrite/datasets';
import { readCsv } from '@dendrite/datasets/csv';
import { accuracy } from '@dendrite/metrics';
import { classifier, dense, sequential } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import { DendriteError, isDendriteError, type TableData } from '@dendrite/spec';

async function main(): Promise<void> {
  const [file, target] = process.argv.slice(2);
  const data = file === undefined ? await iris() : { table: readCsv(await readFile(file)), target: target ?? '' };
  console.table(describeTable(data.table));
  const { train, test } = splitTable(data.table, { target: data.target, fraction: 0.3, seed: 7 });

  const classes = labelsOf(train).length;
  const models = {
    'one layer (softmax regression)': sequential(dense(classes)),
    'two layers': sequential(dense(16), tanh, dense(classes)),
  };
  console.log(`always the most frequent class: ${percent(mostFrequent(train, test))} right`);
  for (const [name, layers] of Object.entries(models)) {
    const model = classifier(layers, { optimizer: adam({ learningRate: 0.02 }) });
    const fitted = await model.fit(train, { epochs: 100, batchSize: 16, seed: 7 });
    const scores = await fitted.evaluate(test, { accuracy });
    console.log(`${name}: ${percent(scores.accuracy)} of ${test.table.rows} test rows right`);
    fitted.dispose();
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function labelsOf({ table, target }: TableData): readonly string[] {
  const column = table.columns.find(({ name }) => name === target);
  if (column?.categories !== undefined) return column.categories;
  throw new DendriteError('DATA', `table: '${target}' must be a column of texts. Name one: FILE.csv TARGET.`);
}

/** What a model must beat: the share of test rows that are of the training part's most frequent class. */
function mostFrequent(train: TableData, test: TableData): number {
  const codes = (data: TableData): readonly number[] => [
    ...(data.table.columns.find(({ name }) => name === data.target)?.values ?? []),
  ];
  const counts = labelsOf(train).map((_, code) => codes(train).filter((each) => each === code).length);
  const best = counts.indexOf(Math.max(...counts));
  return codes(test).filter((code) => code === best).length / test.table.rows;
}

main().catch((error: unknown) => {
  console.error(isDendriteError(error) ? error.message : error);
  process.exitCode = 1;
});
