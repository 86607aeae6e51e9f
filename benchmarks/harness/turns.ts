// Short samples of several sides in turns. Where `interleave` times one long run each, this asks each side how long so many runs
// took, and chooses the count so that a sample lasts long enough for the clock and short enough for many samples.

/** One side of a comparison: does it so many times, and says how many milliseconds that took. */
export type Side = (times: number) => number | Promise<number>;

/** Something to do, timed. */
export const timed =
  (run: () => unknown): Side =>
  (times) => {
    const began = performance.now();
    for (let i = 0; i < times; i++) run();
    return performance.now() - began;
  };

/**
 * Where there are several threads, those of the other side look out for work long after their turn: OpenBLAS's for 2²⁶ cycles. So
 * long is waited before each turn. undefined: no time.
 */
export const settled = (threads: number): Promise<void> | undefined =>
  threads > 1 ? new Promise((resolve) => setTimeout(resolve, 60)) : undefined;

/**
 * After that pause a side's own threads sleep too, and a scheduler may wake them all on one core and need several milliseconds to
 * part them. So each side works for so long, untimed, before it is timed: as in a training, where they are awake.
 * @param run  some of the work; gives the milliseconds that it took
 */
export async function awake(threads: number, run: () => number | Promise<number>): Promise<void> {
  if (threads > 1) for (let ms = 0; ms < waking; ) ms += await run();
}
/** Milliseconds. Threads were seen on one core for 9 after a pause. */
const waking = 40;

/**
 * The samples of each side, in milliseconds a run; the n-th samples of all sides were taken one after the other.
 * @param sampleMs  what a sample should last; a side that takes longer is run once a sample
 * @param longest  a side that takes longer is given up after three samples
 * @param threads  with more than one, each sample waits until the others' threads sleep, and works for a while to wake its own
 */
export async function turns(
  sides: readonly Side[],
  {
    sampleMs,
    samples,
    longest = 400,
    threads = 1,
  }: { readonly sampleMs: number; readonly samples: number; readonly longest?: number; readonly threads?: number },
): Promise<(readonly number[])[]> {
  const counts: number[] = [];
  for (const side of sides) {
    let count = 1;
    let taken = await side(1);
    const began = performance.now();
    // Compilers replace code while it runs: go on for a while, then count.
    while (performance.now() - began < 25 * sampleMs && taken < longest) {
      taken = (await side(count)) / count;
      count = Math.max(1, Math.round(sampleMs / Math.max(taken, 1e-6)));
    }
    counts.push(count);
  }
  const taken = sides.map((): number[] => []);
  for (let sample = 0; sample < samples; sample++)
    for (const [i, side] of sides.entries()) {
      const times = taken[i] ?? [];
      const count = counts[i] ?? 1;
      if (sample > 2 && (times[0] ?? 0) * count > longest) continue;
      await settled(threads);
      await awake(threads, () => side(count));
      times.push((await side(count)) / count);
    }
  return taken;
}
