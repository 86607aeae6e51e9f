/** Schedules by hand, their edges, and their way through a file; PyTorch's values are in packages/tests/reference. */
import type { Json } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import {
  chainedRates,
  cosineDecay,
  cosineRestarts,
  cyclicRate,
  exponentialDecay,
  linearRate,
  multiStepDecay,
  oneCycle,
  polynomialDecay,
  reduceOnPlateau,
  type Schedule,
  scheduled,
  sgd,
  stepDecay,
  warmUp,
} from '../index.ts';
import { scheduleFrom } from './schedules-table.ts';

const rates = (schedule: Schedule, steps: readonly number[], rate = 1): number[] =>
  steps.map((step) => schedule.rate(step, rate));
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12));

test.each<readonly [string, Schedule, readonly number[], readonly number[]]>([
  ['stepDecay', stepDecay({ every: 3, factor: 0.5 }), [0, 2, 3, 6, 7], [1, 1, 0.5, 0.25, 0.25]],
  ['multiStepDecay', multiStepDecay({ milestones: [2, 5] }), [1, 2, 4, 5, 99], [1, 0.1, 0.1, 0.01, 0.01]],
  ['exponentialDecay', exponentialDecay({ factor: 2 }), [0, 1, 10], [1, 2, 1024]],
  ['linearRate', linearRate({ from: 1, to: 0, steps: 4 }), [0, 1, 4, 9], [1, 0.75, 0, 0]],
  ['polynomialDecay', polynomialDecay({ steps: 4, power: 2 }), [0, 2, 4, 5], [1, 0.25, 0, 0]],
  ['cosineDecay', cosineDecay({ steps: 4, minimum: 0.2 }), [0, 2, 4, 6], [1, 0.6, 0.2, 0.2]],
  ['cosineDecay, repeated', cosineDecay({ steps: 4, repeat: true }), [0, 4, 6, 8], [1, 0, 0.5, 1]],
  ['cosineRestarts', cosineRestarts({ steps: 2, growth: 2 }), [0, 1, 2, 4, 6, 10], [1, 0.5, 1, 0.5, 1, 0.5]],
  ['cosineRestarts of one length', cosineRestarts({ steps: 2 }), [0, 1, 2, 1e9 + 1], [1, 0.5, 1, 0.5]],
  [
    'oneCycle, whose peak is the optimizer’s own rate',
    oneCycle({ steps: 11, rise: 6 / 11, startDivisor: 2, endDivisor: 5, shape: 'linear' }),
    [0, 5, 10, 99],
    [0.5, 1, 0.1, 0.1],
  ],
  [
    'oneCycle that only falls',
    oneCycle({ steps: 3, rise: 0, shape: 'linear', endDivisor: 0.04 }),
    [0, 1, 2],
    [1, 1, 1],
  ],
  [
    'cyclicRate',
    cyclicRate({ minimum: 1, maximum: 3, stepsUp: 2, stepsDown: 4, height: 'halved' }),
    [0, 1, 2, 4, 6, 8],
    [1, 2, 3, 2, 1, 2],
  ],
  [
    'cyclicRate, exponential',
    cyclicRate({ minimum: 0, maximum: 1, stepsUp: 1, height: 'exponential', factor: 0.5 }),
    [0, 1, 2, 3],
    [0, 0.5, 0, 0.125],
  ],
  [
    'warmUp, then another whose steps begin anew',
    warmUp({ steps: 2, from: 0.5 }, stepDecay({ every: 2 })),
    [0, 1, 2, 3, 4],
    [0.5, 0.75, 1, 1, 0.1],
  ],
  ['warmUp alone', warmUp({ steps: 4, from: 0 }), [0, 1, 4, 50], [0, 0.25, 1, 1]],
])('%s', (_, schedule, steps, expected) => {
  expect(rates(schedule, steps)).toEqual(near(expected));
  const again = scheduleFrom(JSON.parse(JSON.stringify({ name: schedule.name, config: schedule.config })) as Json);
  expect(again.config).toEqual(schedule.config);
  expect(rates(again, steps)).toEqual(rates(schedule, steps));
  expect(Object.isFrozen(schedule)).toBe(true);
});

describe('reduceOnPlateau()', () => {
  const play = (schedule: Schedule, values: readonly number[]): number[] => {
    let memory: Json | undefined;
    return values.map((value, i) => {
      // As a checkpoint keeps it.
      memory = JSON.parse(JSON.stringify(schedule.observe?.(memory, { 'validation.loss': value }, i, 1))) as Json;
      return schedule.rate(i + 1, 1, memory);
    });
  };
  test('falls after more than `patience` reports without an improvement, then waits', () => {
    const schedule = reduceOnPlateau({ patience: 1, factor: 0.5, cooldown: 1 });
    expect(play(schedule, [3, 2, 2, 2, 2, 2, 2])).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25]);
  });
  test('more may be better; NaN is no improvement; it never goes below the minimum', () => {
    expect(play(reduceOnPlateau({ mode: 'max', patience: 0 }), [1, 2, 1])).toEqual([1, 1, 0.1]);
    expect(play(reduceOnPlateau({ patience: 0, minimum: 0.05 }), [Number.NaN, Number.NaN, Number.NaN])).toEqual([
      0.1, 0.05, 0.05,
    ]);
  });
  test('thresholds are shares of the best, or absolute', () => {
    expect(play(reduceOnPlateau({ patience: 0, threshold: 0.5 }), [4, 3])).toEqual([1, 0.1]);
    expect(play(reduceOnPlateau({ patience: 0, threshold: 0.5, thresholdMode: 'absolute' }), [4, 3])).toEqual([1, 1]);
  });
  test('after a warm-up it begins with what is reported then', () => {
    const schedule = warmUp({ steps: 2, from: 0 }, reduceOnPlateau({ patience: 0 }));
    const observe = (memory: Json | undefined, value: number, step: number) =>
      schedule.observe?.(memory, { 'validation.loss': value }, step, 1);
    let memory = observe(undefined, 0.1, 1);
    expect(schedule.rate(1, 1, memory)).toBe(0.5);
    memory = observe(memory, 5, 3);
    expect(schedule.rate(3, 1, memory)).toBe(1);
    memory = observe(memory, 5, 4);
    expect(schedule.rate(4, 1, memory)).toBe(0.1);
    expect(() => scheduled(scheduled(sgd(), schedule), reduceOnPlateau())).toThrow('Join them with chainedRates().');
  });
});

test.each<readonly [string, () => unknown]>([
  ['stepDecay(): every must be a whole number of at least 1, got undefined. Give it.', () => stepDecay({} as never)],
  ['stepDecay(): factor must be a finite number above 0, got 0.', () => stepDecay({ every: 1, factor: 0 })],
  ["got 'gamma'. It is called factor here.", () => exponentialDecay({ gamma: 0.9 } as never)],
  ['milestones must be whole numbers of at least 1, each larger', () => multiStepDecay({ milestones: [5, 5] })],
  ['oneCycle(): steps must be at least 2, got 1.', () => oneCycle({ steps: 1 })],
  ['shape must be one of cosine, linear, got flat', () => oneCycle({ steps: 9, shape: 'flat' as never })],
  ['chainedRates(): each part but the last must say its steps', () => chainedRates([])],
  [
    'got undefined in part 0',
    () =>
      chainedRates([
        { schedule: linearRate({ from: 1, to: 1, steps: 1 }) },
        { schedule: linearRate({ from: 1, to: 1, steps: 1 }) },
      ]),
  ],
  ["must be one of this package, got '@acme/own'", () => scheduleFrom({ name: '@acme/own', config: {} })],
])('%s', (message, call) => {
  expect(call).toThrow(message);
});
