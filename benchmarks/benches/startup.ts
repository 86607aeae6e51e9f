// From the first line of a program to its first finished training step of LeNet-5 (batch 64, Adam), in fresh processes in turns: our
// code bundled as an application would be, importing and compiling kernels included, beside `import torch` and its first step.
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
    const { files } = await bundled(join(import.meta.dirname, 'programs', 'first-step.ts'), 'node');
    writeBundle(files, folder);
    const main = join(folder, 'main.js');
    const entry = JSON.stringify(pathToFileURL(join(folder, files[0]?.name ?? '')).href);
    writeFileSync(
      main,
      `const began = performance.now();
const { firstStep } = await import(${entry});
const loss = await firstStep();
console.log(JSON.stringify({ ms: performance.now() - began, loss }));
process.exit();`,
    );
    const ours: Time[] = [];
    const theirs: Time[] = [];
    let peer = 'torch';
    let why = '';
    for (let round = 0; round < (short ? 3 : 7); round++) {
      ours.push(JSON.parse(spawnSync(process.execPath, [main], { encoding: 'utf8' }).stdout) as Time);
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
      [`${peer}'s`]: theirs[0]?.loss.toFixed(3) ?? '',
    };
    const rows: Row[] = [row('import and first step', 'ms', times(ours), peers, { bars: { torch: 8 }, notes })];
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
