// `pnpm bench <name> [--backend name] [--processes n] [--json]`: measures, prints a table, and ends with one line of JSON.
// The best of several fresh processes counts: a process may be unlucky with its memory or its compiler for all its life.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { forest } from './benches/forest.ts';
import { lenetStep } from './benches/lenet-step.ts';
import { overhead } from './benches/overhead.ts';
import { bestOf, type Result, table } from './harness/result.ts';

interface Bench {
  readonly what: string;
  /** Fresh processes, unless asked otherwise. */
  readonly processes: number;
  run(options: { readonly backend: string }): Promise<Result>;
}
const benches: Readonly<Record<string, Bench>> = {
  overhead: { what: 'µs an op on [8] tensors, forward and with its gradient', processes: 3, run: overhead },
  forest: { what: 'ms of training and predicting with random forests, beside scikit-learn', processes: 1, run: forest },
  'lenet-step': { what: 'ms of a LeNet-5 training step at batch 64', processes: 1, run: lenetStep },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'cpu' },
    processes: { type: 'string' },
    json: { type: 'boolean', default: false },
    /** Measures in this process and prints JSON alone: how the other processes are started. */
    inner: { type: 'boolean', default: false },
  },
});
const [name = ''] = positionals;
const bench = benches[name];
if (bench === undefined) {
  console.error(`bench: name must be one of these, got '${name}'.`);
  for (const [known, { what }] of Object.entries(benches)) console.error(`  ${known.padEnd(12)} ${what}`);
  process.exitCode = 1;
} else if (values.inner) console.log(JSON.stringify(await bench.run(values)));
else {
  const count = values.processes === undefined ? bench.processes : Number(values.processes);
  if (!Number.isInteger(count) || count < 1) throw new Error(`bench: --processes must be 1 or more, got ${count}.`);
  const result = bestOf(Array.from({ length: count }, () => inFreshProcess(name, values.backend)));
  if (!values.json) {
    console.log(
      `${name} on ${result.backend}, ${result.threads} thread${result.threads === 1 ? '' : 's'}, best of ${count} processes' medians`,
    );
    console.log(table(result));
  }
  console.log(JSON.stringify(result));
}

function inFreshProcess(name: string, backend: string): Result {
  const { status, stdout } = spawnSync(
    process.execPath,
    [...process.execArgv, import.meta.filename, name, '--backend', backend, '--inner'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) throw new Error(`bench: ${name} ended with exit code ${status}.`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
