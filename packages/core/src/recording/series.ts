/** Which recordings may run many steps in one call: those whose state lies where the next step reads it. */

import type { Operand, Recording } from './recording.ts';
import type { Made } from './replay.ts';
import type { StagedCall } from './stage.ts';

/**
 * What each step gives besides its state, to be written one step behind the other; undefined where a step needs its caller: its state
 * goes elsewhere than it was, or what it gives is no tensor of its own.
 * @param donated  for each leaf of the state, the given buffer that it has for itself, or −1
 */
export function outsOfSeries(
  { results, states }: Recording,
  made: readonly Made[],
  calls: readonly StagedCall[],
  donated: readonly number[],
): readonly Operand[] | undefined {
  if (new Set(results.map(({ value }) => value)).size < results.length) return undefined;
  const anew = new Map(made.map(({ value, takes }) => [value, takes]));
  const stays = ({ value: { origin }, offset }: Operand, leaf: number): boolean =>
    typeof origin === 'object' && 'given' in origin && origin.given === donated[leaf] && offset === 0;
  const state = results.slice(0, states);
  if (!state.every((result, leaf) => stays(result, leaf) || anew.get(result.value) !== undefined)) return undefined;
  const outs = results.slice(states);
  const ownAndWhole = ({ value, offset, spec }: Operand): boolean =>
    anew.has(value) &&
    offset === 0 &&
    calls.some(({ outputs, outputSpecs }) => outputSpecs[outputs.indexOf(value)]?.bytes === spec.bytes);
  return outs.every(ownAndWhole) ? outs : undefined;
}
