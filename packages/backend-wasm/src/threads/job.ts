/** A phase of a kernel, ready to run: how its units are cut into parts, by the work in them alone. */
import type { Entry, KernelModule } from '../device/kernel-modules.ts';
import { mostParts } from './control-block.ts';

/** A phase in parts: units `[0, part)`, `[part, 2 part)`, …. */
export interface Job {
  readonly module: KernelModule;
  /** Which of the module's functions. */
  readonly entry: number;
  readonly units: number;
  readonly part: number;
  readonly parts: number;
  /** Worth sharing with other threads. Otherwise the parts only keep single calls short. */
  readonly shared: boolean;
  /** Which argument behind begin and end is the thread's own scratch, and bytes a thread; −1 and 0: none. */
  readonly scratchArgument: number;
  readonly scratchStride: number;
}

// Work is counted as `WasmPhase.work` says, about 0.02 ns each.

/** 5 µs. A job that wakes nobody costs 0.3 µs, one that wakes a sleeping thread several. */
export const worthSharing = 250_000;
/** 2.5 µs: rather than take less, threads stay out of a job. */
const smallestPart = 125_000;
/**
 * 10 µs: a smaller part is not worth going to another thread than the one that took it in the job before, whose cache holds what it
 * reads; so a thread has one part, and all wait for the last.
 */
const worthMoving = 500_000;
/** About 2 ms: a function that is called for the first time runs in a slow form until it is called again. */
const longestPart = 100_000_000;
/**
 * Parts a thread, in the order in which they are tried. With more, a thread that comes late leaves less undone; with 4, a step of
 * LeNet-5 is a tenth slower than with 2.
 */
const partsPerThread = [2, 1, 3] as const;

export interface Cut {
  readonly part: number;
  readonly parts: number;
  readonly shared: boolean;
}

/**
 * How many parts `units` of so much work each are cut into. `work` undefined: the phase must not be cut. `always`: it is shared
 * however little there is to do.
 */
export function partsOf(units: number, work: number | undefined, threads: number, always = false): Cut {
  const total = units * (work ?? 0);
  const shared = threads > 1 && units > 1 && (always ? work !== undefined : total >= worthSharing);
  const short = Math.ceil(units / Math.max(1, Math.ceil(total / longestPart)));
  const part = Math.max(
    1,
    Math.ceil(units / mostParts),
    shared ? Math.min(short, evenPart(units, total, threads)) : short,
  );
  return { part, parts: Math.ceil(units / part), shared };
}

/** Units of a part with which the busiest thread has the fewest. */
function evenPart(units: number, total: number, threads: number): number {
  const sharing = Math.min(threads, Math.max(2, Math.floor(total / smallestPart)));
  const most = Math.max(1, Math.floor(total / (worthMoving * sharing)));
  let best = units;
  let fewest = Number.POSITIVE_INFINITY;
  for (const each of partsPerThread) {
    const part = Math.ceil(units / (sharing * Math.min(each, most)));
    const busiest = Math.ceil(Math.ceil(units / part) / sharing) * part;
    if (busiest >= fewest) continue;
    fewest = busiest;
    best = part;
  }
  return best;
}

/** Runs one part; `given` is begin and end, which are set here, and what is behind them. */
export function runPart({ units, part }: Job, entry: Entry, given: number[], index: number): void {
  // Integers, or all arguments would be made objects.
  given[0] = (index * part) | 0;
  given[1] = Math.min(units, (index + 1) * part) | 0;
  entry(...given);
}
