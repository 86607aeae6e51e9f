/**
 * The growers of one fit: the caller, who grows whatever nobody else does, and the workers it has borrowed. Trees are handed out
 * by their numbers and taken in order, so that a forest does not depend on who grew what.
 */
import type { GrownTree, TreeGrower, TreeSeeds } from '../grow/plan.ts';
import type { Request } from './messages.ts';
import type { Lent, WorkerPool } from './worker-pool.ts';

export interface Crew {
  /** Tree number `i`. Numbers are asked for in order. */
  take(i: number): Promise<GrownTree>;
  /** Hands the workers back; what they still grow is forgotten. */
  close(): void;
}
export interface CrewTask {
  readonly own: TreeGrower;
  readonly seeds: (i: number) => TreeSeeds;
  /** Numbers of the first tree, and of the one behind the last. */
  readonly first: number;
  readonly end: number;
  readonly pool: WorkerPool;
  /** Workers beside the caller. */
  readonly helpers: number;
  /** What worker number k is told first. */
  readonly open: (k: number) => readonly [request: Request, transfer: ArrayBuffer[]];
}

/** Jobs are never called alike, so that an answer to a fit before this one is told from an answer to this one. */
let serial = 0;
/** Trees a worker has before it at most: one that it grows, and one so that it need not wait for the caller. */
const ahead = 2;

export function makeCrew({ own, seeds, first, end, pool, helpers, open }: CrewTask): Crew {
  const ready = new Map<number, GrownTree>();
  /** Numbers that a worker had and did not grow. */
  const lost: number[] = [];
  /** Of each worker: which trees its jobs are. */
  const jobs = new Map<Lent, Map<number, number>>();
  let next = first;
  let wake: (() => void) | undefined;
  const assign = (lent: Lent, held: Map<number, number>): void => {
    // The last trees wait for nobody: whoever is free first takes one.
    while (next < end && held.size < (end - next > jobs.size ? ahead : 1)) {
      const job = ++serial;
      held.set(job, next);
      lent.handle.send({ grow: { job, seeds: seeds(next++) } });
    }
  };
  pool.borrow(helpers).forEach((lent, k) => {
    const held = new Map<number, number>();
    jobs.set(lent, held);
    lent.listener = {
      reply({ job, grown }) {
        const tree = held.get(job);
        if (tree === undefined) return;
        held.delete(job);
        if (grown) ready.set(tree, grown);
        else lost.push(tree);
        assign(lent, held);
        wake?.();
      },
      ended() {
        jobs.delete(lent);
        lost.push(...held.values());
        wake?.();
      },
    };
    lent.handle.send(...open(k + 1));
    assign(lent, held);
  });
  return {
    async take(i) {
      for (;;) {
        const known = ready.get(i);
        if (known) {
          ready.delete(i);
          return known;
        }
        const mine = lost.pop() ?? (next < end ? next++ : undefined);
        if (mine !== undefined) {
          const grown = await own.grow(seeds(mine));
          if (mine === i && jobs.size === 0) return grown;
          ready.set(mine, { ...grown, rows: grown.rows.slice(), leaves: grown.leaves.slice() });
          await turn();
        } else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
    close() {
      for (const lent of jobs.keys()) pool.giveBack(lent);
      jobs.clear();
    },
  };
}

/** Lets messages arrive. */
function turn(): Promise<void> {
  const { setImmediate } = globalThis as { readonly setImmediate?: (task: () => void) => unknown };
  return new Promise((resolve) => (setImmediate ? setImmediate(resolve) : setTimeout(resolve)));
}
