/** A straight line from one share of the learning rate to another: a warm-up, or a decay. */
import { count, notNegative } from '../option/check-options.ts';
import { defineSchedule } from './define-schedule.ts';
import type { Schedule } from './schedule.ts';

export interface LinearRateOptions {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}
/**
 * `learningRate · (from + (to − from)·min(t, steps)/steps)`; it stays at its end.
 * @param options.from   share of the learning rate at step 0, at least 0
 * @param options.to     share at step `steps` and after it, at least 0
 * @param options.steps  how long it takes
 * @throws OPTION  for an unknown option or a value out of its range
 * @example
 * import { adam, linearRate, scheduled } from '@dendrite/optimizers';
 * const optimizer = scheduled(adam(), linearRate({ from: 1, to: 0, steps: 5000 }));
 */
export const linearRate: (options: LinearRateOptions) => Schedule = /*#__PURE__*/ defineSchedule<LinearRateOptions>({
  name: 'schedules/linear-rate',
  factory: 'linearRate',
  options: { from: [undefined, notNegative], to: [undefined, notNegative], steps: [undefined, count] },
  rate: (t, learningRate, { from, to, steps }) => learningRate * (from + ((to - from) * Math.min(t, steps)) / steps),
});
