/** What a replayed step would compute anew each time with the same result: calls that read nothing but constants. */
import type { Value } from './recording.ts';
import type { StagedCall } from './stage.ts';

export interface Folded {
  /** To be run once, first. */
  readonly once: readonly StagedCall[];
  readonly always: readonly StagedCall[];
  /** Values that stay as they are. */
  readonly constants: ReadonlySet<Value>;
}

/** Captured and uploaded tensors are constants; so is what is made of them alone. An op's result depends on its inputs only. */
export function fold(values: readonly Value[], calls: readonly StagedCall[]): Folded {
  const constants = new Set(
    values.filter(({ origin }) => typeof origin === 'object' && ('captured' in origin || 'uploaded' in origin)),
  );
  const once: StagedCall[] = [];
  const always: StagedCall[] = [];
  for (const call of calls) {
    if (!call.inputs.every(({ value }) => constants.has(value))) always.push(call);
    else {
      once.push(call);
      for (const value of call.outputs) constants.add(value);
    }
  }
  return { once, always, constants };
}
