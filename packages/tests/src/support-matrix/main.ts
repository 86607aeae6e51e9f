/**
 * `pnpm support-matrix [--backends cpu,wasm,…] [--write | --check]`: how each op runs on each backend, as a table in Markdown. Nothing is
 * listed by hand: every case table is run, and the runtime tells what it decided. `--write` renews these columns of
 * docs/support-matrix.md and keeps the others; `--check` fails if they are out of date. `--costs` measures first, on wasm, what ops
 * without a kernel of their own cost; with `--write` it is recorded in costs.json, from which the page has it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { OpSupport } from '@dendrite/core';
import { collectCases } from '../kits/collect-cases.ts';
import { type BackendName, isBackendName, openRuntime } from '../reference/machine.ts';
import { type Column, columnOf } from './column-of.ts';
import { costs } from './costs.ts';
import { costLines, costsPage, recordCosts } from './costs-page.ts';
import { cellsOf, differences, matrixPage } from './matrix-page.ts';

const all: readonly BackendName[] = ['cpu', 'wasm', 'tfjs-cpu', 'tfjs-wasm', 'tfjs-webgpu'];
const { values } = parseArgs({
  options: {
    backends: { type: 'string', default: all.slice(0, 4).join(',') },
    write: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    costs: { type: 'boolean', default: false },
  },
});
if (values.costs) {
  const measured = await costs(await openRuntime('wasm'), await openRuntime('tfjs-wasm'));
  for (const line of costLines(measured)) console.log(line.join(' | '));
  if (!values.write) process.exit();
  recordCosts(measured);
}
const names = values.backends.split(',').filter(isBackendName);
const file = new URL('../../../../docs/support-matrix.md', import.meta.url);
const page = values.write || values.check ? readFileSync(file, 'utf8') : '';
const before = cellsOf(page);
const tables = Object.values(await collectCases()).flat();
const columns = new Map<string, Column>();
let ops: readonly OpSupport[] = [];
for (const name of names) {
  const column = await columnOf(name, tables);
  columns.set(name, column);
  ops = column.ops;
}
const made = matrixPage(page === '' ? names : all, columns, ops, before) + costsPage();
if (values.write) writeFileSync(file, made);
else if (!values.check) console.log(made);
const faults = values.check ? differences(before, cellsOf(made)) : [];
if (values.check && !page.endsWith(costsPage())) faults.push('the costs on the page are not those of costs.json');
for (const fault of faults) console.error(fault);
if (values.check || values.write)
  console.log(`support matrix: ${ops.length} ops, ${names.join(', ')} run, ${faults.length} cells out of date`);
if (faults.length > 0) console.error('Write the page anew: pnpm support-matrix --write');
process.exit(faults.length > 0 ? 1 : 0);
