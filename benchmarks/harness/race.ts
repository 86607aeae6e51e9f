// Training races: both sides start from the same weights, take the same batches in turns, and must arrive at the same loss.
import { median } from './interleave.ts';
import { type Missing, type Row, row } from './result.ts';
import { awake, settled } from './turns.ts';

/** One side. */
export interface Racer {
  readonly name: string;
  /** Steps that it does at most: few where a step takes seconds. */
  readonly steps: number;
  /** One step a batch, and reads each loss. `batches` are numbers of batches. */
  train(batches: readonly number[]): Promise<{ readonly losses: readonly number[]; readonly ms: number }>;
  dispose(): void;
}
export interface RaceRules {
  /** How many batches there are; they are taken round and round. */
  readonly batches: number;
  /** Steps of a turn. */
  readonly turn: number;
  /** Turns that are timed, after the compared steps. */
  readonly rounds: number;
  /** Of each side. */
  readonly threads?: number;
  readonly bars?: Row['bars'];
  readonly target?: number;
}

/** Steps after which both losses are compared. */
const comparedSteps = 50;
/** Losses of both sides may differ by this much. */
const tolerance = 1e-3;

/**
 * A row of warm steps and one of the first step, which includes whatever a side does once (compiling, planning). A peer that
 * fails, or ends at another loss, is missing.
 */
export async function race(
  name: string,
  ours: Racer,
  peers: readonly Racer[],
  { batches, turn, rounds, threads = 1, bars, target }: RaceRules,
): Promise<{ readonly rows: Row[]; readonly missing: Missing[] }> {
  const sides = [ours, ...peers].map((racer) => new Side(racer, batches));
  for (const side of sides) await side.take(1);
  const turns = Math.ceil(comparedSteps / turn) + rounds;
  for (let i = 0; i < turns; i++)
    for (const side of sides) {
      await settled(threads);
      await awake(threads, () => side.take(turn, false));
      await side.take(turn);
    }
  for (const { racer } of sides) racer.dispose();
  const [own, ...others] = sides;
  if (own === undefined || own.failed !== undefined) throw new Error(`${name}: ${own?.failed}`);

  const missing: Missing[] = [];
  const warm: Record<string, number> = {};
  const cold: Record<string, number> = {};
  const compared = Math.min(comparedSteps, ours.steps);
  const notes: Record<string, number> = { [`loss after ${compared}`]: own.lossAfter(compared) };
  for (const other of others) {
    const { name: peer, steps } = other.racer;
    const after = Math.min(compared, steps);
    const theirs = other.lossAfter(after);
    const apart = Math.abs(theirs - own.lossAfter(after));
    if (other.failed !== undefined) missing.push({ peer, why: `it cannot train this: ${other.failed}` });
    else if (!(apart <= tolerance))
      missing.push({ peer, why: `its loss after ${after} steps is ${theirs}, off by ${apart}: its time says nothing` });
    else {
      if (after !== compared) notes[`loss after ${after}`] = own.lossAfter(after);
      notes[`${peer}'s loss after ${after}`] = theirs;
      warm[peer] = other.warm;
      cold[peer] = other.cold;
    }
  }
  const more = { ...(bars && { bars }), ...(target !== undefined && { target }), notes };
  return {
    rows: [
      row(name, 'ms a step', own.warm, warm, more),
      row(`${name}: first step`, 'ms', own.cold, cold, { cold: true }),
    ],
    missing,
  };
}

class Side {
  readonly racer: Racer;
  failed: string | undefined;
  private readonly batches: number;
  private readonly losses: number[] = [];
  private readonly times: { readonly after: number; readonly ms: number }[] = [];

  constructor(racer: Racer, batches: number) {
    this.racer = racer;
    this.batches = batches;
  }

  /** So many steps, or what is left of its share; the milliseconds they took, for ever where there are none. */
  async take(steps: number, counts = true): Promise<number> {
    const done = this.losses.length;
    const count = Math.min(steps, this.racer.steps - done);
    if (this.failed !== undefined || count <= 0) return Number.POSITIVE_INFINITY;
    try {
      const next = Array.from({ length: count }, (_, i) => (done + i) % this.batches);
      const { losses, ms } = await this.racer.train(next);
      this.losses.push(...losses);
      if (counts) this.times.push({ after: done, ms: ms / count });
      return ms;
    } catch (error) {
      this.failed = error instanceof Error ? error.message : String(error);
      return Number.POSITIVE_INFINITY;
    }
  }

  get cold(): number {
    return this.times[0]?.ms ?? Number.NaN;
  }
  /** Of the turns behind the compared steps; a side that does not get so far: of those behind the first step. */
  get warm(): number {
    const late = this.times.filter(({ after }) => after >= comparedSteps);
    return median((late.length > 0 ? late : this.times.slice(1)).map(({ ms }) => ms));
  }
  lossAfter(steps: number): number {
    return Number((this.losses[steps - 1] ?? Number.NaN).toFixed(5));
  }
}
