/** What callbacks remember of a run, by their names: a second one of the same name is `name 2`. */
import type { Callback, CallbackRun, Json } from '@dendrite/spec';

export function callbackStates(callbacks: readonly Callback[], run: CallbackRun): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    named(callbacks).flatMap(([name, callback]): [string, Json][] =>
      callback.save ? [[name, callback.save(run)]] : [],
    ),
  );
}

export function restoreCallbacks(
  callbacks: readonly Callback[],
  states: Readonly<Record<string, Json>>,
  run: CallbackRun,
): void {
  for (const [name, callback] of named(callbacks))
    if (Object.hasOwn(states, name)) callback.restore?.(states[name] ?? null, run);
}

function named(callbacks: readonly Callback[]): readonly (readonly [name: string, callback: Callback])[] {
  const seen = new Map<string, number>();
  return callbacks.map((callback) => {
    const count = (seen.get(callback.name) ?? 0) + 1;
    seen.set(callback.name, count);
    return [count === 1 ? callback.name : `${callback.name} ${count}`, callback];
  });
}
