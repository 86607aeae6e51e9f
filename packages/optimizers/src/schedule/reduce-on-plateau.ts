/** A learning rate that falls when a metric no longer improves. It remembers what was reported; a checkpoint keeps that. */
import { DendriteError, type Json } from '@dendrite/spec';
import { fraction, notNegative, oneOf, text, wholeNumber } from '../option/check-options.ts';
import { defineSchedule } from './define-schedule.ts';
import type { Schedule } from './schedule.ts';

export interface ReduceOnPlateauOptions {
  readonly monitor?: string;
  readonly mode?: 'min' | 'max';
  readonly factor?: number;
  readonly patience?: number;
  readonly threshold?: number;
  readonly thresholdMode?: 'relative' | 'absolute';
  readonly cooldown?: number;
  readonly minimum?: number;
  readonly epsilon?: number;
}
interface Memory {
  readonly best: number | null;
  readonly bad: number;
  readonly cooling: number;
  readonly rate: number;
}

/**
 * After `patience` reports without an improvement, `rate ← max(rate·factor, minimum)`; then nothing for `cooldown` reports. An
 * improvement is more than `threshold` below the best (or above it, with mode `'max'`). NaN is never one.
 * @param options.monitor        a metric that the epochs report, default `'validation.loss'`
 * @param options.mode           whether less or more is better, default `'min'`
 * @param options.factor         [0, 1), default 0.1
 * @param options.patience       reports without an improvement that are borne, default 10
 * @param options.threshold      at least 0, default 1e-4
 * @param options.thresholdMode  share of the best (`'relative'`, default), or `'absolute'`
 * @param options.cooldown       reports that do not count after a fall, default 0
 * @param options.minimum        least rate, default 0
 * @param options.epsilon        a fall of at most this much is left out, default 1e-8
 * @throws OPTION  for an unknown option or a value out of its range; while running: where the metric is not reported
 * @source torch.optim.lr_scheduler.ReduceLROnPlateau
 * @example
 * import { reduceOnPlateau, scheduled, sgd } from '@dendrite/optimizers';
 * const optimizer = scheduled(sgd({ learningRate: 0.1 }), reduceOnPlateau({ patience: 3 }));
 */
export const reduceOnPlateau: (options?: ReduceOnPlateauOptions) => Schedule = (options = {}) => plateau(options);

const plateau = /*#__PURE__*/ defineSchedule<ReduceOnPlateauOptions>({
  name: 'schedules/reduce-on-plateau',
  factory: 'reduceOnPlateau',
  options: {
    monitor: ['validation.loss', text],
    mode: ['min', oneOf('min', 'max')],
    factor: [0.1, fraction],
    patience: [10, wholeNumber],
    threshold: [1e-4, notNegative],
    thresholdMode: ['relative', oneOf('relative', 'absolute')],
    cooldown: [0, wholeNumber],
    minimum: [0, notNegative],
    epsilon: [1e-8, notNegative],
  },
  rate: (_t, learningRate, _options, memory) => remembered(memory, learningRate).rate,
  observe(before, metrics, options, learningRate) {
    const { monitor, factor, patience, cooldown, minimum, epsilon } = options;
    const value = metrics[monitor];
    if (value === undefined)
      throw new DendriteError(
        'OPTION',
        `reduceOnPlateau(): monitor must be a metric that is reported (${Object.keys(metrics).join(', ') || 'none is'}), got '${monitor}'. ${monitor.startsWith('validation.') ? 'Fit with `validation`, or watch another.' : 'Watch another.'}`,
      );
    let { best, bad, cooling, rate } = remembered(before, learningRate);
    if (improves(value, best, options)) {
      best = value;
      bad = 0;
    } else bad++;
    if (cooling > 0) {
      cooling--;
      bad = 0;
    }
    if (bad > patience) {
      const next = Math.max(rate * factor, minimum);
      if (rate - next > epsilon) rate = next;
      cooling = cooldown;
      bad = 0;
    }
    return { best, bad, cooling, rate };
  },
});

function improves(
  value: number,
  best: number | null,
  { mode, threshold, thresholdMode }: Required<ReduceOnPlateauOptions>,
): boolean {
  if (best === null) return !Number.isNaN(value);
  const margin = thresholdMode === 'relative' ? threshold * best : threshold;
  return mode === 'min' ? value < best - margin : value > best + margin;
}

function remembered(memory: Json | undefined, learningRate: number): Memory {
  const fields = (typeof memory === 'object' && memory !== null && !Array.isArray(memory) ? memory : {}) as Readonly<
    Record<string, Json>
  >;
  const number = (name: string, otherwise: number): number => {
    const value = fields[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const { best } = fields;
  return {
    best: typeof best === 'number' ? best : null,
    bad: number('bad', 0),
    cooling: number('cooling', 0),
    rate: number('rate', learningRate),
  };
}
