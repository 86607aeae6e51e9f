/** Any optimizer with a learning rate that changes from step to step. */
import { DendriteError, type Json, type Optimizer, type Tree } from '@dendrite/spec';
import { named } from '../named/named.ts';
import type { Schedule } from '../schedule/schedule.ts';

/**
 * `optimizer` at the rates of `schedule`. It is an optimizer itself: saved with the model, the same in `fit` and in a loop of your
 * own. The rate of a step depends on its number (and on reported metrics, see `reduceOnPlateau`), so a run that goes on from a
 * checkpoint takes the same rates.
 * @param optimizer  its own learning rate is what the schedule starts from
 * @throws OPTION  if both look at metrics
 * @example
 * import { cosineDecay, scheduled, sgd } from '@dendrite/optimizers';
 * const optimizer = scheduled(sgd({ learningRate: 0.1 }), cosineDecay({ steps: 1000 }));
 * optimizer.scalars(501, optimizer.learningRate); // { learningRate: 0.05, gradientShare: 1 }
 */
export function scheduled<O extends Tree>(optimizer: Optimizer<O>, schedule: Schedule): Optimizer<O> {
  if (optimizer.observe && schedule.observe)
    throw new DendriteError(
      'OPTION',
      `scheduled(): one schedule at most must look at metrics, got '${schedule.name}' around another. Join them with chainedRates().`,
    );
  const { observe } = schedule;
  return Object.freeze<Optimizer<O>>({
    ...optimizer,
    name: 'optimizers/scheduled',
    config: { optimizer: named(optimizer), schedule: named(schedule) },
    scalars: (step, learningRate, memory) =>
      optimizer.scalars(step, schedule.rate(step - 1, learningRate, memory), memory),
    ...(observe && {
      observe: (memory: Json | undefined, metrics: Readonly<Record<string, number>>, step: number) =>
        observe(memory, metrics, step, optimizer.learningRate),
    }),
  });
}
