/**
 * `pnpm support-matrix [--backends cpu,wasm,…]`: how each op runs on each backend, as a table in Markdown. Nothing is listed by hand:
 * every case table is run, and the runtime tells what it decided. Backward passes are ops, so they have rows of their own.
 */
import { parseArgs } from 'node:util';
import { type ExpectedFailures, opConformance } from '@dendrite/conformance';
import { cpu, createRuntime, describeBackends, type OpSupport } from '@dendrite/core';
import type { Decision, OpCases } from '@dendrite/spec';
import { collectCases } from '../kits/collect-cases.ts';
import { type BackendName, openRuntime } from '../reference/machine.ts';

const { values } = parseArgs({ options: { backends: { type: 'string', default: 'cpu,wasm,tfjs-cpu,tfjs-wasm' } } });
const names = values.backends.split(',') as BackendName[];
const tables = Object.values(await collectCases()).flat();
const columns = new Map<string, ReadonlyMap<string, string>>();
let ops: readonly OpSupport[] = [];
for (const name of names) {
  const { cells, ops: defined } = await columnOf(name, tables);
  columns.set(name, cells);
  ops = defined;
}
console.log(`| op | gradient | ${names.join(' | ')} |`);
console.log(`|---|---|${names.map(() => '---').join('|')}|`);
for (const { op, gradient } of [...ops].sort((a, b) => (a.op < b.op ? -1 : 1)))
  console.log(`| ${op} | ${gradient} | ${names.map((name) => columns.get(name)?.get(op) ?? '–').join(' | ')} |`);
process.exit();

/** What each op runs by on one backend: all ways that its cases met. A dash: no case of ours calls it. */
async function columnOf(
  name: BackendName,
  cases: readonly OpCases[],
): Promise<{ readonly cells: ReadonlyMap<string, string>; readonly ops: readonly OpSupport[] }> {
  const runtime = await openRuntime(name);
  const reference = name === 'cpu' ? runtime : await createRuntime({ backends: [cpu()] });
  const failures: ExpectedFailures = {};
  const kit = opConformance({ runtime, reference, parts: ['values'], expectedFailures: failures }, cases);
  // A case that fails here fails in the tests too; what it met until then counts.
  for (const each of kit) await each.run().catch(() => {});
  const { ops: defined } = describeBackends(runtime);
  const kernels = new Map(defined.map(({ op, kernels }) => [op, kernels]));
  const ways = new Map<string, Set<string>>();
  for (const { op, way } of runtime.decisions()) {
    if (way === 'nothing') continue;
    ways.set(op, (ways.get(op) ?? new Set()).add(wordOf(way, kernels.get(op) ?? [], runtime.device.languages)));
  }
  await runtime.dispose();
  return { cells: new Map([...ways].map(([op, met]) => [op, [...met].sort().join(', ')])), ops: defined };
}

function wordOf(way: Decision['way'], kernels: readonly string[], languages: readonly string[]): string {
  if (way === 'native') return 'routine';
  if (way !== 'kernel') return way;
  return `${languages.find((language) => kernels.includes(language)) ?? ''} kernel`;
}
