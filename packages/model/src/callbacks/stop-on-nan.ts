/** Ends a run at the first metric that is not a number. */
import type { Callback } from '@dendrite/spec';

/** The reason names the metric and the unit, so that one sees where learning broke. Infinity counts. */
export function stopOnNaN(): Callback {
  return {
    name: 'stopOnNaN',
    config: null,
    on({ metrics, unit, done }, run) {
      for (const [name, value] of Object.entries(metrics)) {
        if (!Number.isFinite(value)) return run.stop(`${name} is ${value} after ${unit} ${done}`);
      }
    },
  };
}
