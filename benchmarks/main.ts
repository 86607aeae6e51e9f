// `pnpm bench <name> [--backend name] [--processes n] [--only rows] [--json]`: measures, prints a table, ends with a line of JSON.
// The best of several fresh processes counts: a process may be unlucky with its memory or its compiler for all its life.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { conv } from './benches/conv.ts';
import { forest } from './benches/forest.ts';
import { gemm } from './benches/gemm.ts';
import { lenetStep } from './benches/lenet-step.ts';
import { overhead } from './benches/overhead.ts';
import { bestOf, type Result, table } from './harness/result.ts';

interface Bench {
  readonly what: string;
  /** Fresh processes, unless asked otherwise. */
  readonly processes: number;
  /** Where none is named. Default: cpu. */
  readonly backend?: string;
  run(options: { readonly backend: string; readonly only: string | undefined }): Promise<Result>;
}
const benches: Readonly<Record<string, Bench>> = {
  overhead: { what: 'µs an op on [8] tensors, forward and with its gradient', processes: 3, run: overhead },
  forest: { what: 'ms of training and predicting with random forests, beside scikit-learn', processes: 1, run: forest },
  gemm: { what: 'µs of matrix products, judged by the peak of this core', processes: 3, backend: 'wasm', run: gemm },
  conv: { what: 'µs of convolutions and their gradients, likewise', processes: 3, backend: 'wasm', run: conv },
  'lenet-step': { what: 'ms of a LeNet-5 training step at batch 64', processes: 1, run: lenetStep },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string' },
    /** Rows whose name contains this. */
    only: { type: 'string' },
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
} else if (values.inner) {
  const { backend = bench.backend ?? 'cpu', only } = values;
  console.log(JSON.stringify(await bench.run({ backend, only })));
} else {
  const count = values.processes === undefined ? bench.processes : Number(values.processes);
  if (!Number.isInteger(count) || count < 1) throw new Error(`bench: --processes must be 1 or more, got ${count}.`);
  const result = bestOf(Array.from({ length: count }, () => inFreshProcess(name, values)));
  if (!values.json) {
    console.log(
      `${name} on ${result.backend}, ${result.threads} thread${result.threads === 1 ? '' : 's'}, best of ${count} processes' medians`,
    );
    console.log(table(result));
  }
  console.log(JSON.stringify(result));
}

function inFreshProcess(name: string, { backend, only }: { backend?: string; only?: string }): Result {
  const asked = [
    ...(backend === undefined ? [] : ['--backend', backend]),
    ...(only === undefined ? [] : ['--only', only]),
  ];
  const { status, stdout } = spawnSync(
    process.execPath,
    [...process.execArgv, import.meta.filename, name, ...asked, '--inner'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) throw new Error(`bench: ${name} ended with exit code ${status}.`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
