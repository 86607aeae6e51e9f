/** Stops a run whose measure no longer improves, and brings the best model back. For networks and forests alike. */
import { type Callback, DendriteError, type Json } from '@dendrite/spec';
import { numberFrom, numberJson } from '../history/event-json.ts';
import { isBetter, modeOf } from '../trigger/monitor.ts';

export interface EarlyStoppingOptions {
  /** Name of a reported metric. Default 'validation.loss'. */
  readonly monitor?: string;
  /** Reports without an improvement before the run ends. Default 5. */
  readonly patience?: number;
  /** Whether less or more is better. Default: 'max' for accuracies, scores, R² and outOfBag, else 'min'. */
  readonly mode?: 'min' | 'max';
  /** An improvement must be larger than this. Default 0. */
  readonly minDelta?: number;
  /** End with the best model instead of the last. Default true. */
  readonly restoreBest?: boolean;
}
interface State {
  best: number | undefined;
  waited: number;
}

/**
 * Improvement: `value < best − minDelta` (or `>` and `+`). After `patience` reports without one, the run is stopped. Only
 * reports of epochs and trees count; NaN is never an improvement.
 * @throws OPTION  for options out of range; while running: where the metric is not reported
 * @source Prechelt, Early stopping: but when? (1998), criterion UP
 * @example
 * import { earlyStopping } from '@dendrite/model';
 * const callbacks = [earlyStopping({ monitor: 'validation.loss', patience: 3 })];
 */
export function earlyStopping({
  monitor = 'validation.loss',
  patience = 5,
  mode = modeOf(monitor),
  minDelta = 0,
  restoreBest = true,
}: EarlyStoppingOptions = {}): Callback {
  if (!Number.isInteger(patience) || patience < 1)
    throw new DendriteError(
      'OPTION',
      `earlyStopping(): patience must be a whole number of at least 1, got ${patience}.`,
    );
  if (!(minDelta >= 0))
    throw new DendriteError('OPTION', `earlyStopping(): minDelta must be at least 0, got ${minDelta}.`);
  // A state for each run, so that one callback serves many runs, one after another or at once.
  const states = new WeakMap<object, State>();
  const stateOf = (run: object): State => states.get(run) ?? { best: undefined, waited: 0 };
  return {
    name: 'earlyStopping',
    skipsBatches: true,
    config: { monitor, patience, mode, minDelta, restoreBest },
    on({ unit, metrics, done }, run) {
      // Who wraps it may hand on everything.
      if (unit === 'batch') return;
      const value = metrics[monitor];
      if (value === undefined) {
        throw new DendriteError(
          'OPTION',
          `earlyStopping(): monitor must be a metric that is reported (${Object.keys(metrics).join(', ') || 'none is'}), got '${monitor}'. ${monitor.startsWith('validation.') ? 'Fit with `validation`, or watch another.' : 'Watch another.'}`,
        );
      }
      const state = stateOf(run);
      states.set(run, state);
      if (isBetter(value, state.best, mode, minDelta)) {
        state.best = value;
        state.waited = 0;
        if (restoreBest) run.remember();
      } else if (++state.waited >= patience) {
        run.stop(
          `${monitor} has not improved for ${state.waited} reports (${unit} ${done}; best ${state.best ?? 'never a number'})`,
        );
      }
    },
    save(run): Json {
      const { best, waited } = stateOf(run);
      return { best: best === undefined ? null : numberJson(best), waited };
    },
    restore(json, run) {
      if (typeof json !== 'object' || json === null || !('best' in json) || !('waited' in json)) return;
      const { best, waited } = json;
      states.set(run, { best: numberFrom(best), waited: typeof waited === 'number' ? waited : 0 });
    },
  };
}
