/** A learning rate that goes up and down between two bounds. */
import { count, notNegative, oneOf, positive } from '../option/check-options.ts';
import { defineSchedule } from './define-schedule.ts';
import type { Schedule } from './schedule.ts';

export interface CyclicRateOptions {
  readonly minimum: number;
  readonly maximum: number;
  readonly stepsUp: number;
  readonly stepsDown?: number;
  readonly height?: 'constant' | 'halved' | 'exponential';
  readonly factor?: number;
}
type Filled = Required<Omit<CyclicRateOptions, 'stepsDown'>> & Pick<CyclicRateOptions, 'stepsDown'>;
/**
 * Up from `minimum` to `maximum` in `stepsUp` steps, down in `stepsDown`, and again. The optimizer's own rate plays no part.
 * @param options.minimum    a rate, at least 0
 * @param options.maximum    a rate, at least 0
 * @param options.stepsUp    steps of a rise
 * @param options.stepsDown  steps of a fall, default as many as `stepsUp`
 * @param options.height     of the cycles: `'constant'` (default), `'halved'` each time, or `'exponential'`: times factorᵗ
 * @param options.factor     for `'exponential'`, above 0, default 1
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Smith (2017), Cyclical learning rates for training neural networks
 */
export const cyclicRate: (options: CyclicRateOptions) => Schedule = /*#__PURE__*/ defineSchedule<
  CyclicRateOptions,
  Filled
>({
  name: 'schedules/cyclic-rate',
  factory: 'cyclicRate',
  options: {
    minimum: [undefined, notNegative],
    maximum: [undefined, notNegative],
    stepsUp: [undefined, count],
    stepsDown: [undefined, count],
    height: ['constant', oneOf('constant', 'halved', 'exponential')],
    factor: [1, positive],
  },
  optional: ['stepsDown'],
  rate(t, _learningRate, { minimum, maximum, stepsUp, stepsDown = stepsUp, height, factor }) {
    const cycle = Math.floor(t / (stepsUp + stepsDown));
    const at = t - cycle * (stepsUp + stepsDown);
    const share = at <= stepsUp ? at / stepsUp : (stepsUp + stepsDown - at) / stepsDown;
    const scale = height === 'halved' ? 2 ** -cycle : height === 'exponential' ? factor ** t : 1;
    return minimum + (maximum - minimum) * share * scale;
  },
});
