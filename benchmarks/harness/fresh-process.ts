// Measuring in fresh processes, pinned to as many cores as there are threads; what a bench starts (Python) inherits the pin.
import { spawnSync } from 'node:child_process';
import type { BenchOptions } from './bench.ts';
import type { Result } from './result.ts';

/** `taskset -c 0,1 …` where the machine has it and so many cores; [] elsewhere. */
export function pinnedTo(threads: number): readonly string[] {
  const cores = Array.from({ length: threads }, (_, core) => core).join(',');
  const pin = ['taskset', '-c', cores];
  return spawnSync(pin[0] ?? '', [...pin.slice(1), 'true']).status === 0 ? pin : [];
}

/** Runs one bench of `main.ts` in a process of its own. */
export function inFreshProcess(main: string, name: string, options: BenchOptions): Result {
  const { backend, threads, short, only, peers, modules, parts, process: which } = options;
  const [program = process.execPath, ...rest] = [
    ...pinnedTo(threads),
    ...[process.execPath, ...process.execArgv, main, name, '--backend', backend, '--threads', String(threads)],
    ...[
      '--inner',
      String(which),
      ...(short ? ['--short'] : []),
      ...(modules ? ['--modules'] : []),
      ...(parts ? ['--parts'] : []),
      ...(only === undefined ? [] : ['--only', only]),
    ],
    ...(peers === undefined ? [] : ['--peers', peers.join(',')]),
  ];
  const { status, stdout } = spawnSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`bench: ${name} ended with exit code ${status}.`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
