// `pnpm forest-scores [--data FOLDER] [--only NAME] [--seeds N] [--json]`: what forests score on sets whose score with scikit-learn is
// known, beside it. FOLDER holds `sklearn`, `mnist` and `fashion-mnist`; what is not there is said. Exit code 1 if a score is missed.
import { parseArgs } from 'node:util';
import { isDendriteError } from '@dendrite/spec';
import { contests } from './forest-scores.ts';
import { heading, printed, type ScoreRow } from './score-row.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    only: { type: 'string' },
    seeds: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const folder = values.data ?? process.env.DENDRITE_DATA ?? '../shared/data';
// Where the sets of pictures are looked for first.
if (values.data !== undefined) process.env.DENDRITE_DATA = values.data;
const { only = '' } = values;
const chosen = contests.filter(({ name }) => name.includes(only));
const seeds = values.seeds === undefined ? undefined : Number(values.seeds);
if (chosen.length === 0 || (seeds !== undefined && !(Number.isInteger(seeds) && seeds > 0))) {
  console.error(
    `forest-scores: --only must be part of a name (${contests.map(({ name }) => name).join('; ')}) and --seeds a whole number above 0.`,
  );
  process.exit(2);
}

const rows: (ScoreRow | { readonly name: string; readonly missing: string })[] = [];
if (!values.json) console.log(heading);
for (const { name, runs, measure } of chosen) {
  try {
    const row = await measure(folder, seeds ?? runs);
    rows.push(row);
    if (!values.json) console.log(printed(row));
    if (!row.reached) process.exitCode = 1;
  } catch (error) {
    if (!isDendriteError(error, 'DATA')) throw error;
    rows.push({ name, missing: error.message });
    if (!values.json) console.log(`${name}: missing, ${error.message}`);
  }
}
if (values.json) console.log(JSON.stringify({ rows }));
