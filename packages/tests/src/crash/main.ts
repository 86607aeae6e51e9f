// `pnpm crash-test [--model lenet|lstm|mlp|forest] [--kills 20] [--seed 1] [--once] [--jobs 1]`: trains a model once undisturbed, and then so
// many times in processes that are killed by SIGKILL at seeded moments and started again by the same command: one to three times each, with
// --once one time. Prints the sha256 of each end. Exit code 1 unless all are equal.
import { endWith, flags } from '../flags/flags.ts';
import type { CrashModel } from './crash-models.ts';
import { crashRun, wholeRun } from './crash-runs.ts';

const names: readonly CrashModel[] = ['lenet', 'lstm', 'mlp', 'forest'];
const help = `crash-test [--model lenet|lstm|mlp|forest] [--kills 20] [--seed 1] [--once] [--jobs 1]

Trains a model once undisturbed, and then so many times in processes that are killed by SIGKILL at seeded moments and
started again by the same command: one to three times each, with --once one time; --jobs of them beside each other.
mlp makes 1,200 small steps; from the 500th of a process on, each is one linked function of WebAssembly.
Prints the sha256 of each end. Exit code 1 unless all are equal.`;
const { values } = flags({
  help,
  options: {
    model: { type: 'string' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    once: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
  },
});
const [kills, seed, jobs] = [Number(values.kills), Number(values.seed), Number(values.jobs)];
const asked = values.model === undefined ? names : names.filter((name) => name === values.model);
const whole = (value: number, min: number): boolean => Number.isInteger(value) && value >= min;
if (asked.length === 0 || !whole(kills, 1) || !whole(seed, 0) || !whole(jobs, 1))
  endWith(
    help,
    `--model must be one of ${names.join(', ')}, --kills and --jobs whole numbers from 1, --seed one from 0`,
  );
let different = 0;
for (const model of asked) {
  const started = performance.now();
  const undisturbed = await wholeRun(model);
  console.log(`${model}: ${undisturbed.events} events, ${undisturbed.writes} checkpoints, undisturbed`);
  console.log(`${undisturbed.sha256}  never killed`);
  let equal = 0;
  for (let first = 1; first <= kills; first += jobs) {
    const numbers = Array.from({ length: Math.min(jobs, kills + 1 - first) }, (_, i) => first + i);
    const most = values.once ? 1 : 3;
    const runs = await Promise.all(numbers.map((run) => crashRun(model, { seed, run, most }, undisturbed)));
    runs.forEach(({ sha256, kills: killed }, i) => {
      const same = sha256 === undisturbed.sha256 && killed.length > 0;
      equal += Number(same);
      console.log(
        `${sha256}  ${first + i} of ${kills}, killed ${killed.join(', ') || 'never'}${same ? '' : ': NOT EQUAL'}`,
      );
    });
  }
  different += kills - equal;
  console.log(`${model}: ${equal} of ${kills} equal (${((performance.now() - started) / 1000).toFixed(0)} s)\n`);
}
process.exitCode = different === 0 ? 0 : 1;
