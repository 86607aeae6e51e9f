// From the first line of a program to its first finished training step of LeNet-5 (batch 64, Adam), in fresh processes in turns: our
// code bundled into one file, as an application for Node is, importing and compiling kernels included, beside `import torch` and its
// first step. Python finds its modules' bytecode in a cache; a second row gives Node's own cache of compiled code to us as well.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BenchOptions } from '../harness/bench.ts';
import { bundled } from '../harness/bundled.ts';
import { median } from '../harness/interleave.ts';
import { writeBundle } from '../harness/loaded-files.ts';
import { type Result, type Row, row, smallestRatios } from '../harness/result.ts';
import { openPython } from '../peers/python.ts';

export async function startup({ threads, short }: BenchOptions): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'dendrite-startup-'));
  try {
    const { files } = await bundled(join(import.meta.dirname, 'programs', 'first-step.ts'), 'node', { oneFile: true });
    writeBundle(files, folder);
    const main = join(folder, 'main.js');
    const entry = JSON.stringify(pathToFileURL(join(folder, files[0]?.name ?? '')).href);
    writeFileSync(
      main,
      `const began = performance.now();
if (process.argv[2] !== undefined) (await import('node:module')).enableCompileCache(process.argv[2]);
const { firstStep } = await import(${entry});
const loss = await firstStep();
console.log(JSON.stringify({ ms: performance.now() - began, loss }));
// Ends as a program does: the cache is written then.
if (process.argv[2] === undefined) process.exit();`,
    );
    const run = (...args: readonly string[]): Time =>
      JSON.parse(spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' }).stdout);
    const ours: Time[] = [];
    const cached: Time[] = [];
    const cache = join(folder, 'cache');
    run(cache);
    const theirs: Time[] = [];
    let peer = 'torch';
    let why = '';
    for (let round = 0; round < (short ? 3 : 7); round++) {
      ours.push(run());
      cached.push(run(cache));
      const found = await openPython('torch_startup.py', threads);
      if ('missing' in found) why = found.missing;
      else {
        peer = found.name;
        theirs.push(await found.ask<Time>({ do: 'time' }));
        found.close();
      }
    }
    const times = (side: readonly Time[]): number => median(side.map(({ ms }) => ms));
    const peers = theirs.length > 0 ? { [peer]: times(theirs) } : {};
    const notes = {
      'loss of the first step': ours[0]?.loss.toFixed(3) ?? '',
      ...(theirs[0] && { [`${peer}'s`]: theirs[0].loss.toFixed(3) }),
    };
    const rows: Row[] = [
      row('import and first step', 'ms', times(ours), peers, { bars: { torch: 8 }, notes }),
      row('with a cache of compiled code', 'ms', times(cached), peers),
    ];
    const missing = why === '' ? [] : [{ peer, why }];
    return { bench: 'startup', backend: 'wasm', threads, ratios: smallestRatios(rows), missing, rows };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Time {
  readonly ms: number;
  readonly loss: number;
}
