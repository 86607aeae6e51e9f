// `pnpm fuzz [--cases 10000] [--seed 1] [--case N] [--json]`: damaged copies of real files through every reader and loader. Each must be
// read or refused with a typed error, in memory that the file's size bounds. Ends with exit code 1 where one is not. `--case N`
// repeats one and shows its error. The script runs under Node's permissions (no network, no writing, no programs) and without eval.
import { createRuntime } from '@dendrite/core';
import { endWith, flags } from '../flags/flags.ts';
import { type Outcome, runCase } from './run-case.ts';
import { maxBytes, subjects } from './subjects.ts';

const help = `fuzz [--cases 10000] [--seed 1] [--case N] [--json]

Damaged copies of real files through every reader and loader. Each must be read or refused with a typed error, in memory
that the file's size bounds; exit code 1 where one is not. --case N repeats one and shows its error.`;
const { values } = flags({
  help,
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [cases, seed] = [Number(values.cases), Number(values.seed)];
const number = Number(values.case ?? 0);
if (
  !(
    Number.isSafeInteger(cases) &&
    cases > 0 &&
    Number.isSafeInteger(seed) &&
    Number.isSafeInteger(number) &&
    number >= 0
  )
)
  endWith(help, '--cases must be a whole number above 0, --seed a whole number and --case one from 0');
/** What one case may allocate on top of its file, several times over: `maxBytes` for each of a model's copies, and what code itself needs. */
const allowance = 16 * maxBytes;
const longestAllowed = 5000;

const runtime = await createRuntime();
const all = await subjects(runtime);

if (values.case !== undefined) {
  const { subject, result, error = '', bytes, milliseconds } = await runCase(all, seed, number);
  console.log(`${subject.name}: ${result}, ${megabytes(bytes)} MB, ${milliseconds.toFixed(1)} ms\n${error}`);
  process.exit(result === 'other' ? 1 : 0);
}

// The first cases compile code and fill caches: they are counted, but measured only when they are run again.
for (const subject of all) await subject.read(subject.file);
const start = performance.now();
const counts = { loaded: 0, typed: 0, other: 0 };
const bySubject = new Map(all.map((subject) => [subject.name, { loaded: 0, typed: 0, other: 0 }]));
const faults: Outcome[] = [];
let largest: Outcome | undefined;
let longest: Outcome | undefined;
for (let number = 0; number < cases; number++) {
  let outcome = await runCase(all, seed, number);
  // A measure is a fault only if it comes again: another program may have had the processor, the collector its turn.
  if (tooMuch(outcome)) outcome = await runCase(all, seed, number);
  counts[outcome.result]++;
  const own = bySubject.get(outcome.subject.name);
  if (own) own[outcome.result]++;
  if (outcome.result === 'other' || tooMuch(outcome)) faults.push(outcome);
  if (largest === undefined || growth(outcome) > growth(largest)) largest = outcome;
  if (longest === undefined || outcome.milliseconds > longest.milliseconds) longest = outcome;
}
const seconds = (performance.now() - start) / 1000;

for (const [name, { loaded, typed, other }] of bySubject)
  if (!values.json) console.log(`${name.padEnd(40)} loaded ${loaded}, typed errors ${typed}, other ${other}`);
for (const { number, subject, result, error = '', bytes, milliseconds } of faults.slice(0, 20))
  console.error(
    `case ${number} (${subject.name}): ${result}, ${megabytes(bytes)} MB, ${milliseconds.toFixed(0)} ms\n  ${error.slice(0, 600)}`,
  );
const report = {
  cases,
  seed,
  ...counts,
  largestGrowthMB: Number(megabytes(largest ? growth(largest) : 0)),
  largestCase: `${largest?.number} (${largest?.subject.name}, a file of ${largest?.size} bytes)`,
  peakRssMB: Math.round(process.resourceUsage().maxRSS / 1024),
  longestMs: Math.round(longest?.milliseconds ?? 0),
  longestCase: `${longest?.number} (${longest?.subject.name})`,
  seconds: Number(seconds.toFixed(1)),
};
if (values.json) console.log(JSON.stringify(report));
else {
  console.log(
    `${cases} cases, seed ${seed}: loaded ${counts.loaded} / typed errors ${counts.typed} / other ${counts.other}`,
  );
  console.log(`largest memory growth: the file's size + ${report.largestGrowthMB} MB, case ${report.largestCase}`);
  console.log(
    `longest case: ${report.longestMs} ms, case ${report.longestCase}; ${report.seconds} s in all, peak ${report.peakRssMB} MB`,
  );
}
process.exitCode = faults.length > 0 ? 1 : 0;

function growth({ bytes, size }: Outcome): number {
  return bytes - size;
}
function tooMuch(outcome: Outcome): boolean {
  return growth(outcome) > allowance || outcome.milliseconds > longestAllowed;
}
function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
