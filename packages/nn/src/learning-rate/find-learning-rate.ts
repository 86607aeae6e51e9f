/** A learning rate from a short run in which it grows from step to step: plain data, which `report` draws. */
import { adam, exponentialDecay, scheduled } from '@dendrite/optimizers';
import { type Data, DendriteError, isDendriteError, type Model, type Optimizer, type Runtime } from '@dendrite/spec';
import type { NetFitOptions } from '../net-model/net-plan.ts';

export interface FindLearningRateOptions {
  /** Whose rate is looked for. Its own learning rate plays no part. Default `adam()`. */
  readonly optimizer?: Optimizer;
  /** First and last rate. Default 1e-6 and 1. */
  readonly from?: number;
  readonly to?: number;
  /** Default 100. */
  readonly steps?: number;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly runtime?: Runtime;
  readonly signal?: AbortSignal;
}
export interface LearningRates {
  /** The rate of each step, and the loss of its batch before it. */
  readonly rates: readonly number[];
  readonly losses: readonly number[];
  /** Losses without the noise of single batches. */
  readonly smoothed: readonly number[];
  /** Where the smoothed loss falls fastest; undefined where it never falls. */
  readonly suggested?: number;
}

/** What `findLearningRate` needs of a model. */
type Trainable = Pick<Model<Model['capabilities'], NetFitOptions>, 'run'>;

/**
 * Trains `steps` steps at rates that grow by one factor, and ends early once the loss is four times its best or not finite. The model
 * is thrown away.
 * @param make     the model around an optimizer: `(optimizer) => classifier(layer, { optimizer })`
 * @param data     training data, as for `fit`
 * @returns  rates and losses, and the rate at which the loss falls fastest
 * @throws OPTION  unless 0 < from < to and there are at least 2 steps; and what `fit` throws before its first step
 * @source Smith (2017), Cyclical learning rates for training neural networks, section 3.3
 * @example
 * import { classifier, dense, findLearningRate } from '@dendrite/nn';
 * const data = { x: [[-2], [-1], [1], [2]], y: ['left', 'left', 'right', 'right'] };
 * const { suggested } = await findLearningRate((optimizer) => classifier(dense(2), { optimizer }), data);
 */
export async function findLearningRate(
  make: (optimizer: Optimizer) => Trainable,
  data: Data,
  {
    optimizer = adam(),
    from = 1e-6,
    to = 1,
    steps = 100,
    batchSize = 32,
    seed = 0,
    runtime,
    signal,
  }: FindLearningRateOptions = {},
): Promise<LearningRates> {
  if (!(from > 0 && to > from && Number.isFinite(to) && Number.isInteger(steps) && steps >= 2))
    throw new DendriteError(
      'OPTION',
      `findLearningRate(): from must be above 0, to above it, and steps at least 2, got ${from}, ${to} and ${steps}. Leave them out for 1e-6, 1 and 100.`,
    );
  const growing = scheduled(
    { ...optimizer, learningRate: from },
    exponentialDecay({ factor: (to / from) ** (1 / (steps - 1)) }),
  );
  // An epoch has at least one step.
  const run = make(growing).run(data, {
    epochs: steps,
    batchSize,
    seed,
    ...(runtime && { runtime }),
    ...(signal && { signal }),
  });
  const losses: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  try {
    for await (const { unit, metrics } of run) {
      if (unit !== 'batch') continue;
      const loss = metrics.loss ?? Number.NaN;
      losses.push(loss);
      best = Math.min(best, loss);
      if (losses.length === steps || loss > 4 * best) run.stop('found');
    }
    (await run.result).dispose();
  } catch (error) {
    // The end that is looked for: a rate that is too large. Before the first step it is the caller's mistake.
    if (!isDendriteError(error, 'NUMERIC') || losses.length === 0) throw error;
  }
  const factor = (to / from) ** (1 / (steps - 1));
  const taken = losses.slice(0, steps);
  const rates = taken.map((_, i) => from * factor ** i);
  const smoothed = smooth(taken);
  const at = steepest(smoothed);
  const suggested = at === undefined ? undefined : rates[at];
  return { rates, losses: taken, smoothed, ...(suggested !== undefined && { suggested }) };
}

/** A running mean with 0.9 of the past, freed of its bias towards 0. */
function smooth(losses: readonly number[]): number[] {
  let mean = 0;
  return losses.map((loss, i) => {
    mean = 0.9 * mean + 0.1 * loss;
    return mean / (1 - 0.9 ** (i + 1));
  });
}

/** The place of the steepest fall before the lowest loss; rates are equal factors apart, so places are its scale. */
function steepest(smoothed: readonly number[]): number | undefined {
  const lowest = smoothed.indexOf(Math.min(...smoothed));
  let best: number | undefined;
  let fall = 0;
  for (let i = 1; i < lowest; i++) {
    const drop = (smoothed[i - 1] ?? 0) - (smoothed[i + 1] ?? 0);
    if (drop > fall) {
      fall = drop;
      best = i;
    }
  }
  return best;
}
