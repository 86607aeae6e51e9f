// `pnpm scope`: docs/scope.md names packages, pages and examples that exist, and says how each idea stands. Exit code 1 on a fault.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkScope } from './check-scope.ts';

const root = join(import.meta.dirname, '..', '..');
const page = join(root, 'docs', 'scope.md');
const { rows, counts, faults } = checkScope(readFileSync(page, 'utf8'), root, page);
for (const fault of faults) console.error(fault);
console.log(
  `scope: ${rows} ideas, ${counts.real} real, ${counts.small} small, ${counts['not covered']} not covered, ${faults.length} faults`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
