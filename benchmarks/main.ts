// `pnpm bench <name> [--backend name] [--threads n] [--only rows] [--peers names] [--processes n] [--short] [--modules] [--parts] [--json]`: measures, prints a table, and ends with
// one line of JSON. The best of several fresh processes counts: a process may be unlucky with its memory or its compiler for all
// its life.
import { parseArgs } from 'node:util';
import { attention } from './benches/attention.ts';
import { bundle } from './benches/bundle.ts';
import { conv } from './benches/conv.ts';
import { elementwise } from './benches/elementwise.ts';
import { fitEpoch } from './benches/fit-epoch.ts';
import { forest } from './benches/forest.ts';
import { gemm } from './benches/gemm.ts';
import { lenetStep } from './benches/lenet-step.ts';
import { memory } from './benches/memory.ts';
import { mlpStep } from './benches/mlp-step.ts';
import { norms } from './benches/norms.ts';
import { overhead } from './benches/overhead.ts';
import { pooling } from './benches/pooling.ts';
import { recurrence } from './benches/recurrence.ts';
import { startup } from './benches/startup.ts';
import type { Bench } from './harness/bench.ts';
import { inFreshProcess } from './harness/fresh-process.ts';
import { peakGflops } from './harness/relaxed-peak.ts';
import { bestOf, lastLine, table } from './harness/result.ts';

const benches: Readonly<Record<string, Bench>> = {
  overhead: {
    what: 'µs an op on [8] tensors, forward and with its gradient',
    processes: 3,
    backend: 'cpu',
    run: overhead,
  },
  forest: {
    what: 'ms of training and predicting with random forests, beside scikit-learn and ranger',
    processes: 1,
    backend: 'wasm',
    run: forest,
  },
  gemm: { what: 'µs of matrix products, judged by the peak of this core', processes: 3, backend: 'wasm', run: gemm },
  conv: { what: 'µs of convolutions and their gradients, likewise', processes: 3, backend: 'wasm', run: conv },
  elementwise: {
    what: 'ns an element of everything else, on a million floats',
    processes: 3,
    backend: 'wasm',
    run: elementwise,
  },
  pooling: {
    what: 'µs of pooling and its gradients, beside torch and tfjs',
    processes: 3,
    backend: 'wasm',
    run: pooling,
  },
  norms: { what: 'µs of normalisations and their gradients, beside torch', processes: 3, backend: 'wasm', run: norms },
  attention: {
    what: 'ms of attention and its gradients, beside torch',
    processes: 3,
    backend: 'wasm',
    run: attention,
  },
  recurrence: {
    what: 'ms of LSTM, GRU and simple RNN over sequences and their gradients, beside torch',
    processes: 3,
    backend: 'wasm',
    run: recurrence,
  },
  bundle: {
    what: 'kB that a page loads which trains LeNet-5, beside tfjs',
    processes: 1,
    backend: 'wasm',
    run: bundle,
  },
  'fit-epoch': {
    what: 'ms of whole epochs of LeNet-5 with fit, beside a PyTorch loop over its DataLoader',
    processes: 3,
    backend: 'wasm',
    run: fitEpoch,
  },
  startup: {
    what: 'ms from the first import to the first finished step, beside torch',
    processes: 1,
    backend: 'wasm',
    run: startup,
  },
  'lenet-step': {
    what: 'ms of a LeNet-5 training step at batch 64, beside torch and tfjs',
    processes: 3,
    backend: 'wasm',
    run: lenetStep,
  },
  memory: {
    what: 'whether memory stays flat over 10,000 training steps of LeNet-5, checked and replayed',
    processes: 1,
    backend: 'wasm',
    run: memory,
  },
  'mlp-step': {
    what: 'ms of training steps of small dense networks at batch 32, beside torch and tfjs',
    processes: 3,
    backend: 'wasm',
    run: mlpStep,
  },
};

const options = {
  backend: { type: 'string' },
  threads: { type: 'string', default: '1' },
  /** Rows whose name contains this. */
  only: { type: 'string' },
  /** Only these peers take part, `torch,jax-js`, in benches of training steps. */
  peers: { type: 'string' },
  processes: { type: 'string' },
  short: { type: 'boolean', default: false },
  /** What each module adds, in benches of sizes. */
  modules: { type: 'boolean', default: false },
  /** Benches of training steps: also what each call of a replayed step takes. */
  parts: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  /** Measures in this process, the one of this number, and prints JSON alone: how the fresh processes are started. */
  inner: { type: 'string' },
} as const;
const usage = `Write: pnpm bench <name> [--backend NAME] [--threads N] [--only ROWS] [--peers NAMES] [--processes N] [--short] [--json]
${Object.entries(benches)
  .map(([known, { what }]) => `  ${known.padEnd(12)} ${what}`)
  .join('\n')}`;
if (process.argv.includes('--help')) {
  console.log(usage);
  process.exit();
}
const { values, positionals } = given();
const [name = ''] = positionals;
const bench = benches[name];
if (bench === undefined) end(`the name must be one of those below, got '${name}'`);
const { backend = bench.backend, short, only, modules, parts } = values;
const peers = values.peers?.split(',');
const threads = positive('--threads', values.threads);
if (values.inner !== undefined) {
  const result = await bench.run({
    backend,
    threads,
    short,
    only,
    peers,
    modules,
    parts,
    process: Number(values.inner),
  });
  console.log(JSON.stringify({ ...result, gflops: result.gflops ?? peakGflops() }));
  // A peer's open handles must not keep the process.
  process.exit();
}
const count =
  values.processes === undefined ? (short ? 1 : bench.processes) : positive('--processes', values.processes);
const results = Array.from({ length: count }, (_, i) =>
  inFreshProcess(import.meta.filename, name, { backend, threads, short, only, peers, modules, parts, process: i }),
);
const result = bestOf(results);
if (!values.json) console.log(table(result, count));
console.log(lastLine(result));

function positive(option: string, text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1
    ? value
    : end(`${option} must be a whole number of at least 1, got '${text}'`);
}

function given(): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    return end(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

/** One line of what is wrong, how this is called, and which benches there are. */
function end(reason: string): never {
  console.error(`bench: ${reason}.\n${usage}`);
  process.exit(2);
}
