/** Training for a moment, to see how long the whole will take. What it makes is thrown away; nothing of it reaches a later fit. */
import type { Data, FitOptions } from '@dendrite/spec';
import { beginTraining } from '../define-model/begin.ts';
import type { AnyDefinition } from '../fitted/trained.ts';
import { makeRun } from '../run/run.ts';
import type { PlannedWork, SmallTrial } from './planned-work.ts';

export interface Trial {
  readonly units: number;
  readonly secondsPerUnit: number;
  /** With a unit's share of the validations. */
  readonly pace: number;
  /** Of the whole fit. */
  readonly seconds: number;
}

/** Kernels are chosen, and steps recorded, in the first units: fewer than so many say little. */
const fewest = 4;
/** For units that are slow, how many times the time allowed may be taken to see so many. */
const patience = 4;

export async function tryTraining(
  definition: AnyDefinition,
  data: Data,
  { callbacks: _, onProgress: __, checkpoint: ___, ...options }: FitOptions,
  allowed: number,
  { units, validation }: Pick<PlannedWork, 'units' | 'validation'>,
  { options: others, perUnit = 1, most = Number.POSITIVE_INFINITY }: SmallTrial = {},
): Promise<Trial> {
  const started = performance.now();
  const now = (): number => (performance.now() - started) / 1000;
  const unitTimes: number[] = [];
  const epochTimes: number[] = [];
  let setUp = 0;
  let before = 0;
  const run = makeRun((begun) => beginTraining(definition, data, { ...options, ...others }, begun), {
    callbacks: [
      {
        name: 'trial',
        on({ unit }) {
          const at = now();
          if (unit === 'epoch') epochTimes.push(at - before);
          else if (unitTimes.length === 0 && setUp === 0) setUp = at;
          else unitTimes.push(at - before);
          const enough = unitTimes.length >= fewest ? allowed : patience * allowed;
          if (at >= enough || unitTimes.length + 1 >= most) run.stop('trial');
          before = now();
        },
      },
    ],
    name: definition.meta.name,
    resumable: false,
    ...(options.signal && { signal: options.signal }),
  });
  const fitted = (await run.result) as { dispose?(): void };
  fitted.dispose?.();
  // The first half is warming up. Where there was one unit alone, it stands for all.
  const late = unitTimes.slice(unitTimes.length >> 1);
  const secondsPerUnit = late.length > 0 ? sum(late) / late.length : setUp;
  const done = unitTimes.length + 1;
  const rest = Math.max(0, units * perUnit - done);
  const rounds = validation ? units / validation.every : 0;
  const round =
    epochTimes.length > 0 ? sum(epochTimes) / epochTimes.length : (validation?.units ?? 0) * perUnit * secondsPerUnit;
  return {
    units: done,
    secondsPerUnit: secondsPerUnit * perUnit,
    pace: secondsPerUnit * perUnit + (rounds * round) / units,
    seconds: setUp + sum(unitTimes) + rest * secondsPerUnit + rounds * round,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
