/** Schedules one after another. Each counts its steps from 0 when its turn begins. */
import { DendriteError, type Json } from '@dendrite/spec';
import { linearRate } from './linear-rate.ts';
import type { Schedule } from './schedule.ts';

export interface ChainedRate {
  readonly schedule: Schedule;
  /** How long it has its turn. Left out for the last one, which stays. */
  readonly steps?: number;
}

/**
 * @param parts  each with its steps, but for the last
 * @throws OPTION  unless there is a part and each but the last says its steps
 * @example
 * import { chainedRates, cosineDecay, linearRate } from '@dendrite/optimizers';
 * const schedule = chainedRates([
 *   { schedule: linearRate({ from: 0.1, to: 1, steps: 100 }), steps: 100 },
 *   { schedule: cosineDecay({ steps: 900 }) },
 * ]);
 * schedule.rate(0, 0.5); // 0.05
 */
export function chainedRates(parts: readonly ChainedRate[]): Schedule {
  const wrong = parts.findIndex(
    ({ steps }, i) => i < parts.length - 1 && !(Number.isInteger(steps) && Number(steps) > 0),
  );
  if (parts.length === 0 || wrong >= 0)
    throw new DendriteError(
      'OPTION',
      `chainedRates(): each part but the last must say its steps, a whole number above 0, got ${parts.length === 0 ? 'no parts' : `${String(parts[wrong]?.steps)} in part ${wrong}`}. Write { schedule, steps }.`,
    );
  const turnOf = (step: number): { readonly turn: number; readonly at: number } => {
    let at = step;
    for (const [turn, { steps = 0 }] of parts.entries()) {
      if (turn === parts.length - 1 || at < steps) return { turn, at };
      at -= steps;
    }
    return { turn: 0, at };
  };
  const memoryOf = (memory: Json | undefined, turn: number): Json | undefined =>
    (memory as Readonly<Record<string, Json>> | null | undefined)?.[String(turn)];
  return Object.freeze<Schedule>({
    '~dendrite': 'schedule',
    name: 'schedules/chained-rates',
    config: parts.map(({ schedule: { name, config }, steps }) => ({
      schedule: { name, config },
      ...(steps !== undefined && { steps }),
    })),
    rate(step, learningRate, memory) {
      const { turn, at } = turnOf(step);
      return parts[turn]?.schedule.rate(at, learningRate, memoryOf(memory, turn)) ?? learningRate;
    },
    ...(parts.some(({ schedule }) => schedule.observe) && {
      observe(memory: Json | undefined, metrics: Readonly<Record<string, number>>, step: number, learningRate: number) {
        const { turn, at } = turnOf(step);
        const next = parts[turn]?.schedule.observe?.(memoryOf(memory, turn), metrics, at, learningRate);
        return {
          ...(memory as Readonly<Record<string, Json>> | undefined),
          ...(next !== undefined && { [turn]: next }),
        };
      },
    }),
  });
}

/**
 * A straight rise before another schedule, whose steps count from the end of the rise; without one, the rate stays.
 * @param options.steps  of the rise
 * @param options.from   share of the learning rate at the first step, at least 0, default 0.01
 * @param then           the schedule after it
 * @throws OPTION  for a value out of its range
 */
export function warmUp(
  { steps, from = 0.01 }: { readonly steps: number; readonly from?: number },
  then?: Schedule,
): Schedule {
  const rise = linearRate({ from, to: 1, steps });
  return chainedRates([{ schedule: rise, steps }, { schedule: then ?? linearRate({ from: 1, to: 1, steps: 1 }) }]);
}
