// `pnpm score-forest <file.csv[.gz]> --target <column> [--train N] [--trees N] [--seed N] [--engine E] [--task T] [--json]`: fits a
// random forest on the first N rows (or in five folds) and prints its score on the rest; the last line is JSON.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { readCsv } from '@dendrite/datasets/csv';
import { DendriteError } from '@dendrite/spec';
import { readNumbers } from './read-numbers.ts';
import { type ScoreOptions, scoreForest } from './score-forest.ts';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      target: { type: 'string' },
      train: { type: 'string' },
      trees: { type: 'string' },
      seed: { type: 'string' },
      engine: { type: 'string' },
      task: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [file] = positionals;
  if (file === undefined || values.target === undefined)
    throw new DendriteError(
      'OPTION',
      'score-forest: it must get a file and --target <column>, got neither or one of them.',
    );
  const bytes = await readFile(file);
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const content = zipped ? gunzipSync(bytes) : bytes;
  const table = readNumbers(content) ?? readCsv(content.toString('utf8'));
  const options: ScoreOptions = {
    target: values.target,
    ...(values.train !== undefined && { train: Number(values.train) }),
    ...(values.trees !== undefined && { trees: Number(values.trees) }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values.engine !== undefined && { engine: oneOf('engine', values.engine, ['auto', 'wasm', 'js']) }),
    ...(values.task !== undefined && { task: oneOf('task', values.task, ['classification', 'regression']) }),
  };
  const { task, ...score } = await scoreForest(table, options);
  if (!values.json) {
    console.log(`${file}: ${table.rows} rows, ${table.columns.length - 1} features, ${task}`);
    console.log(
      `${task === 'classification' ? 'accuracy' : 'R²'} ${score.score.toFixed(4)}, out of bag ${score.outOfBag.toFixed(4)}`,
    );
    console.log(`${score.nodes} nodes, ${score.seconds.toFixed(2)} s of training`);
  }
  console.log(JSON.stringify(score));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function oneOf<const T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found === undefined)
    throw new DendriteError('OPTION', `score-forest: --${name} must be one of ${known.join(', ')}, got '${value}'.`);
  return found;
}
