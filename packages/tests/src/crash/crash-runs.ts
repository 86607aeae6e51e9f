/** Runs that are killed and started again by the same command, and the digest each ends with. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CrashModel } from './crash-models.ts';
import { type Length, type Moment, momentsOf, momentText } from './kill-moments.ts';

export interface CrashRun {
  readonly sha256: string;
  readonly kills: readonly string[];
}
export interface Whole extends Length {
  readonly sha256: string;
}

/** The run that nobody kills. */
export async function wholeRun(model: CrashModel): Promise<Whole> {
  return inFolder(async (folder) => {
    const ended = await child(model, folder);
    if (ended === 'killed') throw new Error(`${model}: the uninterrupted run was killed by somebody`);
    return ended;
  });
}

/** Run number `run`: killed at its moments, at most so many and as long as it lives to see them, and then left to end. */
export async function crashRun(
  model: CrashModel,
  { seed, run, most }: { readonly seed: number; readonly run: number; readonly most: number },
  whole: Whole,
): Promise<CrashRun> {
  return inFolder(async (folder) => {
    const kills: string[] = [];
    for (const moment of momentsOf(seed, run, whole).slice(0, most)) {
      const ended = await child(model, folder, moment);
      if (ended !== 'killed') return { sha256: ended.sha256, kills };
      kills.push(momentText(moment));
    }
    const ended = await child(model, folder);
    if (ended === 'killed') throw new Error(`${model}: run ${run} was killed by somebody else`);
    return { sha256: ended.sha256, kills };
  });
}

function child(model: CrashModel, folder: string, moment?: Moment): Promise<Whole | 'killed'> {
  const program = fileURLToPath(new URL('child.ts', import.meta.url));
  const args = ['--conditions=@dendrite/source', program, model, folder, ...(moment ? [JSON.stringify(moment)] : [])];
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    let complaints = '';
    process_.stdout.on('data', (part: Buffer) => {
      printed += part.toString();
      if (moment?.kind === 'outside' && printed.startsWith('now'))
        setTimeout(() => process_.kill('SIGKILL'), moment.milliseconds);
    });
    process_.stderr.on('data', (part: Buffer) => {
      complaints += part.toString();
    });
    process_.on('error', reject);
    process_.on('close', (code, signal) => {
      const last = printed.trim().split('\n').at(-1) ?? '';
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0 && last.startsWith('{')) resolve(JSON.parse(last) as Whole);
      else reject(new Error(`${model}: the process must end with its digest, got exit code ${code}.\n${complaints}`));
    });
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dendrite-crash-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
