// Times several contestants in turns, so that a machine that slows down slows them all, and judges by medians.

/** One side of a comparison. `run` does `units` units of work (ops, steps); it is awaited where it gives a promise. */
export interface Contestant {
  readonly name: string;
  readonly units: number;
  run(): unknown;
  /** Runs before timing starts, so that compilers have seen the code. Default 3. */
  readonly warmUp?: number;
  /** Timed runs. Default: what `interleave` was told. */
  readonly rounds?: number;
}

/** Milliseconds a unit: the median over rounds, and the fastest round. */
export interface Timing {
  readonly name: string;
  readonly median: number;
  readonly best: number;
  readonly rounds: number;
}

/** Runs every contestant once a round, in an order that turns from round to round. */
export async function interleave(contestants: readonly Contestant[], rounds: number): Promise<Timing[]> {
  for (const { run, warmUp = 3 } of contestants) for (let i = 0; i < warmUp; i++) await run();
  const samples = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const at = (i + round) % contestants.length;
      const contestant = contestants[at];
      if (contestant === undefined || round >= (contestant.rounds ?? rounds)) continue;
      const began = performance.now();
      await contestant.run();
      samples[at]?.push((performance.now() - began) / contestant.units);
    }
  }
  return contestants.map(({ name }, i) => {
    const times = samples[i] ?? [];
    return { name, median: median(times), best: Math.min(...times), rounds: times.length };
  });
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
