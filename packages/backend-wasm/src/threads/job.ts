/** A phase of a kernel, ready to run: how its units are cut into parts, by the work in them alone. */
import type { Entry, KernelModule } from '../device/kernel-modules.ts';

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

/** 10 µs. A job that wakes nobody costs 0.3 µs, one that wakes a sleeping thread several. */
const worthSharing = 500_000;
/** 2.5 µs: a smaller part is not worth its taking. */
const smallestPart = 125_000;
/** About 2 ms: a function that is called for the first time runs in a slow form until it is called again. */
const longestPart = 100_000_000;
/** Parts a thread, so that one that comes late or is held up leaves less undone. */
const partsPerThread = 4;

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
  const perThread = Math.min(partsPerThread, Math.floor(total / (smallestPart * threads)));
  const forThreads = shared ? threads * Math.max(1, perThread) : 1;
  const wanted = Math.min(units, Math.max(forThreads, Math.ceil(total / longestPart)));
  const part = Math.ceil(units / Math.max(1, wanted));
  return { part, parts: Math.ceil(units / part), shared };
}

/** Runs one part; `given` is begin and end, which are set here, and what is behind them. */
export function runPart({ units, part }: Job, entry: Entry, given: number[], index: number): void {
  given[0] = index * part;
  given[1] = Math.min(units, (index + 1) * part);
  entry(...given);
}
