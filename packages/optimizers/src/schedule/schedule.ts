/** What a learning-rate schedule is: data and pure functions, as optimizers are. */
import type { Json } from '@dendrite/spec';

export interface Schedule {
  readonly '~dendrite': 'schedule';
  /** Name of the factory that rebuilds it from `config`, `'schedules/cosine-decay'`. */
  readonly name: string;
  readonly config: Json;
  /** The rate of a step, counted from 0; `learningRate` is the optimizer's own. `memory` is what `observe` gave last. */
  rate(step: number, learningRate: number, memory?: Json): number;
  /** For schedules that look at metrics: what they remember after the report of an epoch. */
  observe?(
    memory: Json | undefined,
    metrics: Readonly<Record<string, number>>,
    step: number,
    learningRate: number,
  ): Json;
}
