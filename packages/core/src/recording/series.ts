/** Which recordings may run many steps in one call: those whose state is what the next step asks for. */
import type { Buffer } from '@dendrite/spec';
import type { InternedSpec } from '../engine/interned-spec.ts';
import type { TensorHandle } from '../engine/tensor-handle.ts';
import type { Operand, Recording, Value } from './recording.ts';
import type { StagedCall } from './stage.ts';

/** A result that a step makes anew. */
export interface Made {
  readonly value: Value;
  /** The buffer given for the old state that it may take over. */
  readonly takes: number | undefined;
}
/** What a step is given for its state. */
export interface GivenState {
  readonly spec: InternedSpec;
  /** The given buffer that it has for itself, or −1. */
  readonly own: number;
}
/** What many steps are given, and where their parts of it lie. */
export interface ManyGiven {
  /** Leaves of the state first; it is consumed. */
  readonly handles: readonly TensorHandle[];
  /** The distinct buffers. */
  readonly given: readonly Buffer[];
  /** For each given buffer, bytes to the first step's part. */
  readonly skips: readonly number[];
  /** And from there to the next one's. The same array where they are the same. */
  readonly strides: readonly number[];
}

export interface Series {
  /** What each step gives besides its state, to be written one step's behind the other's. */
  readonly outs: readonly Operand[];
  /** State is written where it was read, so that nothing is to be done between two steps. */
  readonly alone: boolean;
}

/** undefined: a state is no tensor like the one before, or what the step gives is none of its own. */
export function seriesOf(
  { results, states }: Recording,
  made: readonly Made[],
  calls: readonly StagedCall[],
  given: readonly GivenState[],
): Series | undefined {
  if (new Set(results.map(({ value }) => value)).size < results.length) return undefined;
  const anew = new Map(made.map(({ value, takes }) => [value, takes]));
  const givenAs = ({ origin }: Value): number => (typeof origin === 'object' && 'given' in origin ? origin.given : -1);
  const owned = new Set(given.map(({ own }) => own));
  const state = results.slice(0, states);
  const follows = ({ value, offset, spec }: Operand, leaf: number): boolean =>
    (anew.has(value) || (givenAs(value) >= 0 && owned.has(givenAs(value)))) &&
    offset === 0 &&
    spec === given[leaf]?.spec &&
    given[leaf].own >= 0;
  const ownAndWhole = ({ value, offset, spec }: Operand): boolean =>
    anew.has(value) &&
    offset === 0 &&
    calls.some(({ outputs, outputSpecs }) => outputSpecs[outputs.indexOf(value)]?.bytes === spec.bytes);
  const outs = results.slice(states);
  if (!state.every(follows) || !outs.every(ownAndWhole)) return undefined;
  const stays = ({ value }: Operand, leaf: number): boolean =>
    anew.has(value) ? anew.get(value) !== undefined : givenAs(value) === given[leaf]?.own;
  return { outs, alone: state.every(stays) };
}
