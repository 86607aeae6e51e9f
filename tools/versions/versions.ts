// `pnpm versions [--write]`: the versions that files of models record (`src/version.ts`) are those of the packages. Exit code 1 where
// one is not; with --write it is made so, as `version-packages` does after changesets have set new ones.
import { root } from '../processes/processes.ts';
import { checkVersions } from './check-versions.ts';

const { named, faults } = checkVersions(root, { write: process.argv.includes('--write') });
for (const fault of faults) console.error(fault);
console.log(`versions: ${named} packages name theirs, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
