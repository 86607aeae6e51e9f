// `pnpm check`, the body of `npm test`: runs every step, prints what failed, and ends with one plain line,
// `N passed, N failed` (`, N skipped`), in which each step that is not a test run counts as one.
// `node tools/check/check.ts lint unit` runs those steps alone.
import { join } from 'node:path';
import { type Manifest, pnpm, readJson, root } from '../processes/processes.ts';
import { type Counts, closingLine, isClosingLine, readClosingLine } from '../reporter/counts.ts';
import { type Step, steps } from './steps.ts';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some(({ script }) => script === name));
if (unknown.length > 0)
  throw new Error(
    `check: no step named ${unknown.join(', ')}. There are ${steps.map(({ script }) => script).join(', ')}.`,
  );

const { scripts = {} } = readJson<Manifest>(join(root, 'package.json'));
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const rows: string[] = [];
for (const step of steps.filter(({ script }) => asked.length === 0 || asked.includes(script))) {
  const began = performance.now();
  const { counts, output } = await take(step);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const result = counts.failed > 0 ? 'FAILED' : counts.passed > 0 ? 'ok' : 'skipped';
  const row = `${step.script.padEnd(12)} ${result.padEnd(8)} ${seconds.padStart(6)} s  ${step.what}`;
  console.log(row);
  rows.push(row);
  // Closing lines of single steps are left out, so that the output holds one in all.
  if (step.show || counts.failed > 0)
    console.log(
      output
        .split('\n')
        .filter((line) => !isClosingLine(line))
        .join('\n'),
    );
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
console.log(`\n${rows.join('\n')}\n\n${closingLine(total)}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

async function take(step: Step): Promise<{ counts: Counts; output: string }> {
  if (!(step.script in scripts)) return { counts: { passed: 0, failed: 0, skipped: 1 }, output: '' };
  const { code, output } = await pnpm(['--silent', 'run', step.script]);
  const failed = code === 0 ? 0 : 1;
  if (step.counts === 'one') return { counts: { passed: 1 - failed, failed, skipped: 0 }, output };
  // A test run without a closing line, or one that says all is well and exits with an error, has failed.
  const counts = readClosingLine(output) ?? { passed: 0, failed: 1, skipped: 0 };
  return { counts: { ...counts, failed: Math.max(counts.failed, failed) }, output };
}
