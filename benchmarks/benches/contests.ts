// What ours and a peer both can do, one thing after another: ours on one backend beside an expression of PyTorch and, where there
// is one, tfjs's WASM backend. The benches that use it are tables.
import type { Runtime, Shape } from '@dendrite/spec';
import type * as Tfjs from '@tensorflow/tfjs-core';
import type { BenchOptions } from '../harness/bench.ts';
import { median } from '../harness/interleave.ts';
import { type Missing, type Result, type Row, row, smallestRatios } from '../harness/result.ts';
import { type Side, timed, turns } from '../harness/turns.ts';
import { openPython } from '../peers/python.ts';
import { loadTfjs } from '../peers/tfjs.ts';
import { openRuntime } from './backends.ts';

/** One thing to do. Each side makes its inputs first, which is not timed. */
export interface Contest {
  readonly name: string;
  readonly ours: (runtime: Runtime) => () => unknown;
  /** Python for peers/python/torch_expressions.py: statements that make inputs, and what is timed. */
  readonly torch: { readonly setup?: string; readonly code: string };
  readonly tfjs?: ((tf: typeof Tfjs) => () => unknown) | undefined;
  /** At least so many times PyTorch's speed; tfjs's is always the bar for tfjs. */
  readonly bar?: number | undefined;
}
export interface ContestRules {
  readonly bench: string;
  readonly unit: string;
  /** Units in a millisecond. */
  readonly perMs: number;
}

export async function contests(
  { bench, unit, perMs }: ContestRules,
  all: readonly Contest[],
  { backend, threads, short, only = '' }: BenchOptions,
): Promise<Result> {
  const runtime = await openRuntime(backend, threads);
  const torch = await openPython('torch_expressions.py', threads);
  const tfjs = await loadTfjs('wasm');
  const missing: Missing[] = [];
  if ('missing' in torch) missing.push({ peer: 'torch', why: torch.missing });
  if ('missing' in tfjs) missing.push({ peer: 'tfjs-wasm', why: tfjs.missing });
  const rows: Row[] = [];
  for (const { name, ours, torch: python, tfjs: theirs, bar } of all) {
    if (!name.includes(only)) continue;
    const run = ours(runtime);
    const sides: [name: string, side: Side][] = [['ours', timed(() => runtime.scope(() => void run()))]];
    if ('ask' in torch) {
      await torch.ask({ do: 'choose', ...python });
      sides.push([torch.name, async (times) => (await torch.ask({ do: 'run', times })).ms ?? Number.NaN]);
    }
    if ('tf' in tfjs && theirs && threads === 1) {
      const run = theirs(tfjs.tf);
      sides.push(['tfjs-wasm', timed(() => tfjs.tf.tidy(() => void run()))]);
    }
    const taken = await turns(
      sides.map(([, side]) => side),
      { sampleMs: 4, samples: short ? 9 : 21, threads },
    );
    const [mine = Number.NaN, ...others] = taken.map((samples) => median(samples) * perMs);
    const peers = Object.fromEntries(others.map((value, i) => [sides[i + 1]?.[0] ?? '', value]));
    const bars = { 'tfjs-wasm': 1, ...(bar !== undefined && threads === 1 && { torch: bar }) };
    rows.push(row(name, unit, mine, peers, { bars }));
  }
  const { name, device } = runtime;
  const conditions = { device: device.details, ...('ask' in torch && { [torch.name]: torch.build }) };
  if ('ask' in torch) torch.close();
  await runtime.dispose();
  return { bench, backend: name, threads, ratios: smallestRatios(rows), missing, rows, conditions };
}

/** Numbers for a tensor. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);
