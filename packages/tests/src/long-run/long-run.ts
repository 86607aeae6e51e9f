/** A long run, watched: what was held at each look, and what has grown by the end. */
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { DendriteError } from '@dendrite/spec';
import { type Footprint, watch } from './footprint.ts';
import { fits, manySteps, stepsAnEpoch } from './work.ts';

export interface LongRunOptions {
  readonly steps: number;
  readonly fits: number;
  /** Looks at each of the two parts. */
  readonly looks: number;
  on?(what: string, done: number, footprint: Footprint): void;
}
export interface LongRunResult {
  /** One line for each thing that was left or has grown. */
  readonly faults: readonly string[];
  /** Threads that were started and have ended, but for one. */
  readonly threads: number;
}

const MiB = 2 ** 20;
/** What may be more at the end than at the first look after a quarter: caches of the engine go up and down by so much. */
const allowed: Readonly<Partial<Record<keyof Footprint, number>>> = {
  heap: 2 * MiB,
  arrays: MiB,
  rss: 48 * MiB,
  device: 0,
  pooled: MiB,
  buffers: 0,
  tensors: 0,
  workers: 0,
  listeners: 0,
};

/** Fewer leave nothing to compare: each part needs two looks, when everything has been met once. */
const fewest = { steps: 2 * stepsAnEpoch, fits: 2 * fits.length, looks: 2 };

/** @throws OPTION  for so little that nothing could be compared */
export async function longRun({ steps, fits: count, looks, on }: LongRunOptions): Promise<LongRunResult> {
  for (const [name, given] of Object.entries({ steps, fits: count, looks })) {
    const least = fewest[name as keyof typeof fewest];
    if (!(Number.isInteger(given) && given >= least))
      throw new DendriteError(
        'OPTION',
        `longRun(): ${name} must be a whole number of at least ${least}, got ${given}. With fewer there is nothing to compare.`,
      );
  }
  const abort = new AbortController();
  // Node opens a pipe when it is first asked for: where the lines go is no handle that a training left.
  void [process.stdout, process.stderr];
  const handlesBefore = process.getActiveResourcesInfo();
  const watched = watch(abort.signal);
  const runtime = await createRuntime({ backends: [wasm({ threads: 2 })], fallback: false });
  const before = await watched.look(runtime);
  const faults: string[] = [];
  try {
    const seen: Footprint[] = [];
    const look = async (what: string, done: number): Promise<void> => {
      const found = await watched.look(runtime);
      seen.push(found);
      on?.(what, done, found);
    };
    const every = Math.max(1, Math.floor(steps / looks));
    await manySteps(runtime, abort.signal, steps, every, (done) => look('steps', done));
    faults.push(...grown('while steps were taken', seen));
    seen.length = 0;
    for (let i = 0; i < count; i++) {
      const [, fit] = fits[i % fits.length] as (typeof fits)[number];
      await fit(runtime, abort.signal, i);
      if ((i + 1) % Math.max(fits.length, Math.floor(count / looks)) === 0) await look('fits', i + 1);
    }
    faults.push(...grown('from fit to fit', seen));
    const after = await watched.look(runtime);
    for (const name of ['device', 'buffers', 'tensors', 'listeners'] as const)
      if (after[name] > before[name]) faults.push(`${name}: ${after[name]} at the end, ${before[name]} at the start`);
  } finally {
    watched.stop();
    await runtime.dispose();
  }
  // A forest's workers stand ready for the next one: here, one beside the caller.
  const { workers } = await watched.look(runtime);
  if (workers > 1) faults.push(`workers: ${workers} when everything is closed, at most the forests' 1 may be`);
  const left = without(watched.handles(), handlesBefore);
  if (left.length > 0) faults.push(`handles that hold the process: ${left.join(', ')}`);
  return { faults, threads: watched.started };
}

/** What is more at the last look than after a quarter of them, when everything has been met once. */
function grown(when: string, looks: readonly Footprint[]): string[] {
  const first = looks[Math.floor(looks.length / 4)];
  const last = looks.at(-1);
  if (!first || !last) return [];
  return Object.entries(allowed).flatMap(([key, most]) => {
    const name = key as keyof Footprint;
    const more = last[name] - first[name];
    return more > most ? [`${name}: ${more} more ${when} (${first[name]} → ${last[name]})`] : [];
  });
}

function without(all: readonly string[], some: readonly string[]): string[] {
  const rest = [...some];
  return all.filter((each) => {
    const at = rest.indexOf(each);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
