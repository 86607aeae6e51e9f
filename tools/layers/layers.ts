// `pnpm layers`: arrows between packages point down only. Prints what it examined; exit code 1 on a fault.
import { join } from 'node:path';
import { checkLayers } from './check-layers.ts';

const { packages, modules, imports, faults } = checkLayers(join(import.meta.dirname, '..', '..'));
for (const fault of faults) console.error(fault);
console.log(`layers: ${packages} packages, ${modules} modules, ${imports} imports examined, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
