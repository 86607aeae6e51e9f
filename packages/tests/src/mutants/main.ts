// `pnpm mutants`: breaks kernels, gradients, optimizers, metrics, layers and models, one at a time and in memory only, and shows which
// case of the kits finds each. Fails if a fault lives, or if a kit fails on what is whole.

import { attentionMutants } from './attention-mutants.ts';
import { breadthMutants } from './breadth-mutants.ts';
import { metricMutants } from './metric-mutants.ts';
import { firstFailure, type Mutant } from './mutant.ts';
import { opMutants } from './op-mutants.ts';
import { optimizerMutants } from './optimizer-mutants.ts';
import { recurrentMutants } from './recurrent-mutants.ts';
import { trainingMutants } from './training-mutants.ts';

const mutants: readonly Mutant[] = [
  ...opMutants,
  ...breadthMutants,
  ...attentionMutants,
  ...recurrentMutants,
  ...optimizerMutants,
  ...metricMutants,
  ...trainingMutants,
];
const started = performance.now();
const whole = new Map<string, string | undefined>();
let killed = 0;
for (const mutant of mutants) {
  if (!whole.has(mutant.subject)) whole.set(mutant.subject, await firstFailure(await mutant.cases(false)));
  const unfit = whole.get(mutant.subject);
  const by = await firstFailure(await mutant.cases(true));
  const found = unfit === undefined && by !== undefined;
  if (found) killed++;
  const line = unfit !== undefined ? `the kit fails without any fault: ${unfit}` : by === undefined ? 'LIVES' : by;
  console.log(
    `${found ? 'killed' : 'ALIVE '}  ${mutant.kind.padEnd(9)}  ${mutant.name}\n          by ${line.length > 150 ? `${line.slice(0, 150)}…` : line}`,
  );
}
console.log(`killed ${killed} of ${mutants.length} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
process.exitCode = killed === mutants.length ? 0 : 1;
