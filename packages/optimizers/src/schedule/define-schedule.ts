/** From a row to the factory of a schedule: its options with their defaults, and its formula. */
import { DendriteError, type Json } from '@dendrite/spec';
import { checkOptions, type Rule } from '../option/check-options.ts';
import type { Schedule } from './schedule.ts';

export interface ScheduleRow<O extends object, F extends O = Required<O>> {
  readonly name: `schedules/${string}`;
  /** The factory's name, for messages. */
  readonly factory: string;
  /** `undefined`: must be given, or (where the type says so) may be left out. */
  readonly options: { readonly [K in keyof O]-?: readonly [standard: O[K] | undefined, rule: Rule] };
  /** Those without a default that may be left out. */
  readonly optional?: readonly (keyof O)[];
  /** What no rule of one option can say. @throws OPTION */
  check?(options: F): void;
  /** The rate of step `step`, counted from 0. */
  rate(step: number, learningRate: number, options: F, memory: Json | undefined): number;
  observe?(memory: Json | undefined, metrics: Readonly<Record<string, number>>, options: F, learningRate: number): Json;
}

export function defineSchedule<O extends object, F extends O = Required<O>>(
  row: ScheduleRow<O, F>,
): (options: O) => Schedule {
  const rules = Object.entries<readonly [unknown, Rule]>({ ...row.options });
  const optional: readonly unknown[] = row.optional ?? [];
  return (given) => {
    checkOptions(
      row.factory,
      Object.fromEntries(Object.entries(given)),
      Object.fromEntries(rules.map(([name, [, rule]]) => [name, rule])),
    );
    const values = new Map<string, unknown>(rules.map(([name, [standard]]) => [name, standard]));
    for (const [name, value] of Object.entries(given)) values.set(name, value);
    for (const [name, value] of values) {
      if (value !== undefined) continue;
      if (!optional.includes(name))
        throw new DendriteError(
          'OPTION',
          `${row.factory}(): ${name} must ${row.options[name as keyof O][1].must}, got undefined. Give it.`,
        );
      values.delete(name);
    }
    const filled: object = Object.fromEntries(values);
    const options = filled as F;
    row.check?.(options);
    const { observe } = row;
    return Object.freeze<Schedule>({
      '~dendrite': 'schedule',
      name: row.name,
      config: filled as Json,
      rate: (step, learningRate, memory) => row.rate(step, learningRate, options, memory),
      ...(observe && {
        observe: (memory, metrics, _step, learningRate) => observe(memory, metrics, options, learningRate),
      }),
    });
  };
}
