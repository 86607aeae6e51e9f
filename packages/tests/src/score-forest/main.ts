// `pnpm score-forest <file.csv[.gz]> --target <column>`: fits a random forest on the first rows (or in five folds) and prints its score
// on the rest; the last line is JSON. `--help` tells the flags.
import { parseArgs } from 'node:util';
import { readCsv } from '@dendrite/datasets/csv';
import { DendriteError } from '@dendrite/spec';
import { contentAt } from './content.ts';
import { readNumbers } from './read-numbers.ts';
import { type ScoreOptions, scoreForest } from './score-forest.ts';

const help = `score-forest <file.csv[.gz]> --target <column> [--train N] [--trees N] [--seed N] [--engine auto|wasm|js]
             [--task classification|regression] [--json]

Fits a random forest on the first N rows, or in five folds, and prints its score on the rest; the last line is JSON. The file is
UTF-8 text with a line of names, gzip or not. Rows whose target is missing are left out.

--task  Without it text and booleans are classes, and so are whole numbers of which there are at most 100 different ones, each
        coming five times or more on average; other numbers are a regression. Prices in whole dollars may look like classes.`;

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
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const [file, ...others] = positionals;
  if (others.length > 0)
    throw new DendriteError(
      'OPTION',
      `score-forest: it must get one file, got ${positionals.length} (${positionals.join(', ')}). Quote a path that has blanks.`,
    );
  if (file === undefined || values.target === undefined)
    throw new DendriteError(
      'OPTION',
      'score-forest: it must get a file and --target <column>, got neither or one of them. --help tells the flags.',
    );
  const content = await contentAt(file);
  const table = readNumbers(content) ?? readCsv(content);
  const options: ScoreOptions = {
    target: values.target,
    ...(values.train !== undefined && { train: whole('train', values.train) }),
    ...(values.trees !== undefined && { trees: whole('trees', values.trees) }),
    ...(values.seed !== undefined && { seed: whole('seed', values.seed) }),
    ...(values.engine !== undefined && { engine: oneOf('engine', values.engine, ['auto', 'wasm', 'js']) }),
    ...(values.task !== undefined && { task: oneOf('task', values.task, ['classification', 'regression']) }),
  };
  const { task, leftOut, ...score } = await scoreForest(table, options);
  if (!values.json) {
    console.log(`${file}: ${table.rows} rows, ${table.columns.length - 1} features, ${task}`);
    console.log(
      `${task === 'classification' ? 'accuracy' : 'R²'} ${score.score.toFixed(4)}, out of bag ${score.outOfBag.toFixed(4)}`,
    );
    if (leftOut > 0) console.log(`${leftOut} rows without '${options.target}' are left out`);
    console.log(`${score.nodes} nodes, ${score.seconds.toFixed(2)} s of training`);
  }
  console.log(JSON.stringify(score));
} catch (error) {
  // What node says of flags goes on for lines.
  const [said] = (error instanceof Error ? error.message : String(error)).split('\n');
  console.error(error instanceof TypeError ? `score-forest: ${said} --help tells the flags.` : said);
  process.exitCode = 1;
}

function whole(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || value.trim() === '')
    throw new DendriteError('OPTION', `score-forest: --${name} must be a whole number of at least 0, got '${value}'.`);
  return number;
}

function oneOf<const T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found === undefined)
    throw new DendriteError('OPTION', `score-forest: --${name} must be one of ${known.join(', ')}, got '${value}'.`);
  return found;
}
