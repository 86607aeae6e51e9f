/** When a process is killed: seeded moments, each a text that its command line carries. */
import { hostKey, uniforms } from '@dendrite/random';

/** Parts of a checkpoint's write: half of its bytes are written; all are, not flushed; flushed, not renamed; renamed, the folder not flushed. */
export const writePhases = ['half', 'unflushed', 'unnamed', 'named'] as const;
export type WritePhase = (typeof writePhases)[number];
/** Counted from 1 in the process that is killed. */
export type Moment =
  /** By itself, in the middle of event number `at`. */
  | { readonly kind: 'event'; readonly at: number }
  /** By itself, in a phase of write number `at`. */
  | { readonly kind: 'write'; readonly at: number; readonly phase: WritePhase }
  /** From outside, some milliseconds after event number `at`, wherever it is then. */
  | { readonly kind: 'outside'; readonly at: number; readonly milliseconds: number };

/** How far an uninterrupted run goes. */
export interface Length {
  readonly events: number;
  readonly writes: number;
}

/** Of run number `run`: one to three moments, the first within the run's length. */
export function momentsOf(seed: number, run: number, { events, writes }: Length): readonly Moment[] {
  const drawn = uniforms(hostKey(seed).fork('kills').fork(run), 16);
  let next = 0;
  const below = (n: number): number => Math.floor((drawn[next++] ?? 0) * n);
  const count = 1 + below(3);
  return Array.from({ length: count }, (_, k): Moment => {
    // Later processes have less before them.
    const share = 1 / (k + 1);
    const at = 1 + below(Math.max(1, Math.floor(share * (events - 1))));
    const kind = (['event', 'write', 'outside'] as const)[k === 0 ? run % 3 : below(3)];
    if (kind === 'event') return { kind, at };
    if (kind === 'outside') return { kind, at, milliseconds: below(20) };
    const phase = writePhases[below(writePhases.length)] ?? 'half';
    return { kind: 'write', at: 1 + below(Math.max(1, Math.floor(share * writes))), phase };
  });
}

export const momentText = (moment: Moment): string =>
  moment.kind === 'event'
    ? `in event ${moment.at}`
    : moment.kind === 'write'
      ? `in write ${moment.at} (${moment.phase})`
      : `${moment.milliseconds} ms after event ${moment.at}`;
