/** Schedules that only fall: by steps, by milestones, by a factor, along a power. Steps `t` count from 0. */
import { count, positive, rising } from '../option/check-options.ts';
import { defineSchedule } from './define-schedule.ts';
import type { Schedule } from './schedule.ts';

export interface StepDecayOptions {
  readonly every: number;
  readonly factor?: number;
}
/**
 * `learningRate · factor^⌊t / every⌋`.
 * @param options.every   steps between two falls
 * @param options.factor  above 0, default 0.1
 * @throws OPTION  for an unknown option or a value out of its range
 * @example
 * import { sgd, scheduled, stepDecay } from '@dendrite/optimizers';
 * const optimizer = scheduled(sgd({ learningRate: 0.1 }), stepDecay({ every: 1000, factor: 0.5 }));
 */
export const stepDecay: (options: StepDecayOptions) => Schedule = /*#__PURE__*/ defineSchedule<StepDecayOptions>({
  name: 'schedules/step-decay',
  factory: 'stepDecay',
  options: { every: [undefined, count], factor: [0.1, positive] },
  rate: (t, learningRate, { every, factor }) => learningRate * factor ** Math.floor(t / every),
});

export interface MultiStepDecayOptions {
  readonly milestones: readonly number[];
  readonly factor?: number;
}
/**
 * `learningRate · factor^n`, where n of the milestones are reached.
 * @param options.milestones  rising step numbers
 * @param options.factor      above 0, default 0.1
 * @throws OPTION  for an unknown option or a value out of its range
 */
export const multiStepDecay: (options: MultiStepDecayOptions) => Schedule =
  /*#__PURE__*/ defineSchedule<MultiStepDecayOptions>({
    name: 'schedules/multi-step-decay',
    factory: 'multiStepDecay',
    options: { milestones: [undefined, rising], factor: [0.1, positive] },
    rate: (t, learningRate, { milestones, factor }) =>
      learningRate * factor ** milestones.filter((milestone) => milestone <= t).length,
  });

export interface ExponentialDecayOptions {
  readonly factor: number;
}
/**
 * `learningRate · factorᵗ`. A factor above 1 makes it grow, as a search for a good rate does (`findLearningRate` of nn).
 * @param options.factor  above 0
 * @throws OPTION  for an unknown option or a value out of its range
 */
export const exponentialDecay: (options: ExponentialDecayOptions) => Schedule =
  /*#__PURE__*/ defineSchedule<ExponentialDecayOptions>({
    name: 'schedules/exponential-decay',
    factory: 'exponentialDecay',
    options: { factor: [undefined, positive] },
    rate: (t, learningRate, { factor }) => learningRate * factor ** t,
  });

export interface PolynomialDecayOptions {
  readonly steps: number;
  readonly power?: number;
}
/**
 * `learningRate · (1 − t/steps)^power`, and 0 from then on.
 * @param options.steps  of the whole run
 * @param options.power  above 0, default 1
 * @throws OPTION  for an unknown option or a value out of its range
 */
export const polynomialDecay: (options: PolynomialDecayOptions) => Schedule =
  /*#__PURE__*/ defineSchedule<PolynomialDecayOptions>({
    name: 'schedules/polynomial-decay',
    factory: 'polynomialDecay',
    options: { steps: [undefined, count], power: [1, positive] },
    rate: (t, learningRate, { steps, power }) => learningRate * Math.max(0, 1 - t / steps) ** power,
  });
