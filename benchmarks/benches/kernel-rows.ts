// Rows that judge one kernel as the device runs it: time, GFLOP/s, and the part of what these cores can do at best. On one thread
// they are judged by that part, on more by how much faster they are than on one, which takes turns with them.
import { type Call, type Device, definedOps, type Op, type Slot, type TensorSpec } from '@dendrite/spec';
import type { BenchOptions } from '../harness/bench.ts';
import { median } from '../harness/interleave.ts';
import { relaxedPeak } from '../harness/relaxed-peak.ts';
import { type Result, type Row, round, row, smallestRatios } from '../harness/result.ts';
import { type Side, timed, turns } from '../harness/turns.ts';
import { openPython, type PythonRequest } from '../peers/python.ts';
import { openDevice } from './backends.ts';

/** One kernel at one size. */
export interface KernelRow {
  readonly name: string;
  readonly op: string;
  readonly call: Call;
  /** Useful arithmetic: products with padding do not count. */
  readonly flops: number;
  /** At least this part of the peak, on one thread. */
  readonly bar?: number;
  /** At least so many times faster than a peer, or than `oneThread` on two. */
  readonly bars?: Row['bars'];
  /** What the Python peer is asked. */
  readonly torch: PythonRequest;
  readonly tfjs?: () => Side | undefined;
}

/** What stands beside ours where there are more. */
export const oneThread = 'one thread';

export async function kernelRows(
  bench: string,
  rows: readonly KernelRow[],
  { backend, threads, only }: Pick<BenchOptions, 'backend' | 'threads' | 'only'>,
): Promise<Result> {
  const device = await openDevice(backend, threads);
  const alone = threads > 1 ? await openDevice(backend) : undefined;
  const peak = relaxedPeak();
  const torch = await openPython('torch_products.py', threads);
  const measured: Row[] = [];
  const peaks: number[] = [];
  for (const each of rows) {
    if (only !== undefined && !each.name.includes(only)) continue;
    const sides: [name: string, side: Side][] = [['ours', await ours(device, each)]];
    if (alone) sides.push([oneThread, await ours(alone, each)]);
    if (!('missing' in torch)) {
      await torch.ask(each.torch);
      sides.push([torch.name, async (times) => (await torch.ask({ do: 'run', times })).ms ?? Number.NaN]);
    }
    const tfjs = threads === 1 && each.tfjs?.();
    if (tfjs) sides.push(['tfjs-wasm', tfjs]);
    const all = [timed(peak.run), ...sides.map(([, side]) => side)];
    const [limits = [], mine = [], ...theirs] = await turns(all, {
      sampleMs: 1.5,
      samples: each.flops > 1e8 || threads > 1 ? 15 : 31,
      threads,
    });
    const peers = Object.fromEntries(theirs.map((samples, i) => [sides[i + 1]?.[0] ?? '', median(samples) * 1000]));
    // Each sample beside the one of the peak that was taken just before.
    const part = median(mine.map((ms, i) => ((limits[i] ?? ms) * each.flops) / (ms * peak.flops * threads)));
    const us = median(mine) * 1000;
    peaks.push(peak.flops / median(limits) / 1e6);
    measured.push(
      row(each.name, 'µs', us, peers, {
        ...(each.bar !== undefined && threads === 1 && { target: round((us * part) / each.bar) }),
        ...(each.bars && { bars: each.bars }),
        notes: { 'GFLOP/s': round(each.flops / us / 1e3), 'of the peak': `${(100 * part).toFixed(1)} %` },
      }),
    );
  }
  if (!('missing' in torch)) torch.close();
  const conditions = { device: `${device.name}, ${device.details}` };
  await device.dispose();
  await alone?.dispose();
  const missing = 'missing' in torch ? [{ peer: 'torch', why: torch.missing }] : [];
  const result = { bench, backend, threads, ratios: smallestRatios(measured), missing, rows: measured, conditions };
  return { ...result, gflops: round(median(peaks)) };
}

/** The kernel that the device would take, on data of its own. */
async function ours(device: Device, { op: name, call }: KernelRow): Promise<Side> {
  const executable = device.prepare?.(await kernelOf(device, name, call), call);
  if (!executable) throw new Error(`bench: ${device.name} must run kernels, got a device without.`);
  const slots = (specs: readonly TensorSpec[]): Slot[] =>
    specs.map((spec, i) => {
      const size = spec.shape.reduce((a, b) => a * b, 1);
      const slot: Slot = { buffer: device.allocate(4 * size), offset: 0, spec };
      device.upload(
        slot,
        Float32Array.from({ length: size }, (_, at) => Math.sin(at * 0.7 + i)),
      );
      return slot;
    });
  const [outputs, inputs] = [slots(call.outputs), slots(call.inputs)];
  return timed(() => device.dispatch(executable, outputs, inputs, []));
}

async function kernelOf(device: Device, name: string, call: Call) {
  const op = [...definedOps()].find((each: Op) => each.name === name);
  const kernels = op && op.kind !== 'expression' ? op.kernels : undefined;
  const wasm = device.languages.includes('wasm') ? await kernels?.wasm?.() : undefined;
  if (wasm && wasm.accepts?.(call) !== false) return wasm;
  const js = kernels?.js;
  if (js) return typeof js === 'function' ? js() : js;
  throw new Error(`bench: ${device.name} must have a kernel for ${name}, got none.`);
}

export const spec = (...shape: readonly number[]): TensorSpec => ({ shape, dtype: 'float32' });
