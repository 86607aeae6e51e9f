// `pnpm why-own-engine`: tries, on the installed tfjs, the facts that the choice of an engine of our own rests on
// (docs/decisions/0001-engine.md), and prints what was seen. A fact that does not hold here is printed as such.
import { availableParallelism } from 'node:os';
import type { Fact } from './fact.ts';
import { gradientsInNode } from './gradients-in-node.ts';
import { lenetSteps } from './lenet-steps.ts';
import { missingKernels } from './missing-kernels.ts';
import { opCost } from './op-cost.ts';
import { transposedProducts } from './transposed-products.ts';
import { wrongValues } from './wrong-values.ts';

/** In this order: the first must see tfjs before its gradients are registered. */
const facts: readonly Fact[] = [gradientsInNode, missingKernels, wrongValues, transposedProducts, opCost, lenetSteps];

const { version_core } = await import('@tensorflow/tfjs-core');
console.log(
  `tfjs ${version_core}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores\n`,
);
let reproduced = 0;
for (const { claim, measure } of facts) {
  const finding = await measure();
  if (finding.reproduced) reproduced++;
  console.log(`${finding.reproduced ? 'reproduced' : 'NOT REPRODUCED'}: ${claim}`);
  for (const line of finding.seen) console.log(`  ${line}`);
  console.log();
}
console.log(`${reproduced} of ${facts.length} facts reproduced`);
// Some of tfjs's backends keep the process alive.
process.exit(0);
