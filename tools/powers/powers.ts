// `pnpm powers`: what shipped code can do beyond computing, and which files do; exit code 1 where one does that has no row.
import { join } from 'node:path';
import { findPowers, shippedSources } from './find-powers.ts';
import { powers } from './table.ts';

const sources = shippedSources(join(import.meta.dirname, '..', '..'));
const found = findPowers(sources, powers);
for (const { power, files } of found) {
  console.log(`${power.what}: ${files.length === 0 ? 'no file' : ''}`);
  for (const path of files) console.log(`  ${path}: ${power.allowed[path] ?? 'NOT ALLOWED'}`);
}
const faults = found.flatMap((each) => each.faults);
for (const fault of faults) console.error(fault);
console.log(`powers: ${sources.size} shipped files, ${powers.length} powers, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
