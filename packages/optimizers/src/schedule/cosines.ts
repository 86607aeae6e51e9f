/** Schedules along half a cosine: once, again and again from the top, or up to a peak and far down. */
import { DendriteError } from '@dendrite/spec';
import { atLeastOne, count, flag, fraction, notNegative, oneOf, positive } from '../option/check-options.ts';
import { defineSchedule } from './define-schedule.ts';
import type { Schedule } from './schedule.ts';

/** From `begin` (share 0) to `end` (share 1). */
const cosine = (begin: number, end: number, share: number): number =>
  end + ((begin - end) / 2) * (1 + Math.cos(Math.PI * share));
const straight = (begin: number, end: number, share: number): number => begin + (end - begin) * share;

export interface CosineDecayOptions {
  readonly steps: number;
  readonly minimum?: number;
  readonly repeat?: boolean;
}
/**
 * `minimum + (learningRate − minimum)·(1 + cos(π·t/steps))/2`, then the minimum.
 * @param options.steps    until the minimum
 * @param options.minimum  a rate, at least 0, default 0
 * @param options.repeat   go up and down again after that, as PyTorch does; default false
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Loshchilov and Hutter (2017), SGDR: stochastic gradient descent with warm restarts
 * @example
 * import { adamW, cosineDecay, scheduled, warmUp } from '@dendrite/optimizers';
 * const optimizer = scheduled(adamW(), warmUp({ steps: 100 }, cosineDecay({ steps: 1900 })));
 */
export const cosineDecay: (options: CosineDecayOptions) => Schedule = /*#__PURE__*/ defineSchedule<CosineDecayOptions>({
  name: 'schedules/cosine-decay',
  factory: 'cosineDecay',
  options: { steps: [undefined, count], minimum: [0, notNegative], repeat: [false, flag] },
  rate: (t, learningRate, { steps, minimum, repeat }) =>
    cosine(learningRate, minimum, repeat ? t / steps : Math.min(1, t / steps)),
});

export interface CosineRestartsOptions {
  readonly steps: number;
  readonly growth?: number;
  readonly minimum?: number;
}
/**
 * Half a cosine from the learning rate to the minimum in `steps` steps, then again from the top, each time `growth` times as long.
 * @param options.steps    of the first fall
 * @param options.growth   at least 1, default 1
 * @param options.minimum  a rate, at least 0, default 0
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Loshchilov and Hutter (2017), SGDR: stochastic gradient descent with warm restarts
 */
export const cosineRestarts: (options: CosineRestartsOptions) => Schedule =
  /*#__PURE__*/ defineSchedule<CosineRestartsOptions>({
    name: 'schedules/cosine-restarts',
    factory: 'cosineRestarts',
    options: { steps: [undefined, count], growth: [1, atLeastOne], minimum: [0, notNegative] },
    rate(t, learningRate, { steps, growth, minimum }) {
      let length = steps;
      let at = t;
      if (growth === 1) at = t % steps;
      else
        while (at >= length) {
          at -= length;
          length *= growth;
        }
      return cosine(learningRate, minimum, at / length);
    },
  });

export interface OneCycleOptions {
  readonly steps: number;
  readonly maximum?: number;
  readonly rise?: number;
  readonly startDivisor?: number;
  readonly endDivisor?: number;
  readonly shape?: 'cosine' | 'linear';
}
type OneCycleFilled = Required<Omit<OneCycleOptions, 'maximum'>> & Pick<OneCycleOptions, 'maximum'>;
/**
 * One cycle: from `maximum/startDivisor` up to `maximum` in the first `rise` of the steps, then down to
 * `maximum/startDivisor/endDivisor`, where it stays.
 * @param options.steps         of the whole run, at least 2
 * @param options.maximum       the peak, above 0; default the optimizer's own learning rate
 * @param options.rise          share of the steps that go up, [0, 1), default 0.3
 * @param options.startDivisor  default 25
 * @param options.endDivisor    default 10,000
 * @param options.shape         `'cosine'` (default) or `'linear'`
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Smith and Topin (2019), Super-convergence; formula of torch.optim.lr_scheduler.OneCycleLR
 */
export const oneCycle: (options: OneCycleOptions) => Schedule = /*#__PURE__*/ defineSchedule<
  OneCycleOptions,
  OneCycleFilled
>({
  name: 'schedules/one-cycle',
  factory: 'oneCycle',
  options: {
    steps: [undefined, count],
    maximum: [undefined, positive],
    rise: [0.3, fraction],
    startDivisor: [25, positive],
    endDivisor: [1e4, positive],
    shape: ['cosine', oneOf('cosine', 'linear')],
  },
  optional: ['maximum'],
  check({ steps }) {
    if (steps < 2)
      throw new DendriteError(
        'OPTION',
        `oneCycle(): steps must be at least 2, got ${steps}. Give the steps of the whole run.`,
      );
  },
  rate(t, learningRate, { steps, maximum = learningRate, rise, startDivisor, endDivisor, shape }) {
    const between = shape === 'cosine' ? cosine : straight;
    const start = maximum / startDivisor;
    const last = steps - 1;
    const top = Math.max(0, rise * steps - 1);
    if (t <= top && top > 0) return between(start, maximum, t / top);
    return between(maximum, start / endDivisor, Math.min(1, (t - top) / (last - top)));
  },
});
