/**
 * Sequences of any length: the module that takes lengths as arguments has the bits of the one that bakes them in, and lengths that
 * change from batch to batch compile hardly anything.
 */
import { wasm } from '@dendrite/backend-wasm';
import { avgPool1d, type Conv1dOpOptions, conv1d, maxPool1d } from '@dendrite/cnn/ops';
import { createRuntime, leaves, mul, sum, valueAndGrad } from '@dendrite/core';
import type { Runtime, Tensor } from '@dendrite/spec';
import { expect, test, vi } from 'vitest';
import { filled } from './filled.fixture.ts';

interface Sequences {
  readonly why: string;
  readonly channels: number;
  run(inputs: { readonly x: Tensor; readonly filters: Tensor }): Tensor;
  readonly filters?: readonly [size: number, perGroup: number, count: number];
}
const convolution = (
  why: string,
  filters: readonly [size: number, perGroup: number, count: number],
  options: Conv1dOpOptions = {},
): Sequences => ({
  why: `conv1d, ${why}`,
  channels: filters[1] * (options.groups ?? 1),
  filters,
  run: ({ x, filters: weights }) => conv1d(x, weights, options),
});
const all: readonly Sequences[] = [
  convolution('one channel', [9, 1, 8], { padding: 'same' }),
  convolution('three channels, filters that fill no vectors', [5, 3, 6]),
  convolution('packed filters', [3, 16, 33], { padding: 'same' }),
  convolution('channels in vectors, which long sequences turn around', [2, 8, 24], { padding: 'causal' }),
  convolution('dilation', [3, 5, 7], { padding: 'causal', dilation: 3 }),
  convolution('stride and groups', [4, 3, 10], { stride: 2, groups: 2, padding: 2 }),
  convolution('a filter of one step', [1, 6, 5]),
  convolution('one filter a channel', [3, 1, 6], { groups: 6, padding: 'same' }),
  { why: 'maxPool1d', channels: 5, run: ({ x }) => maxPool1d(x, { size: 2 }) },
  { why: 'maxPool1d over padding', channels: 4, run: ({ x }) => maxPool1d(x, { size: 3, stride: 2, padding: 'same' }) },
  { why: 'maxPool1d, windows that overlap', channels: 3, run: ({ x }) => maxPool1d(x, { size: 4, stride: 1 }) },
  { why: 'avgPool1d', channels: 6, run: ({ x }) => avgPool1d(x, { size: 3 }) },
  { why: 'avgPool1d, windows that overlap', channels: 7, run: ({ x }) => avgPool1d(x, { size: 5, stride: 1 }) },
  {
    why: 'avgPool1d over padding',
    channels: 8,
    run: ({ x }) => avgPool1d(x, { size: 4, stride: 3, padding: 1, countPadding: true }),
  },
];

/** What it gives, and its gradients. */
async function bitsOf({ channels, filters = [1, 1, 1], run }: Sequences, on: Runtime, length: number): Promise<string> {
  const inputs = { x: filled(on, 'x', [3, length, channels]), filters: filled(on, 'filters', filters) };
  const y = run(inputs);
  const weights = filled(on, 'weights', y.shape);
  const { gradients } = valueAndGrad((given: typeof inputs) => sum(mul(run(given), weights)))(inputs);
  const found = [y, ...leaves(gradients).map(({ tensor }) => tensor)];
  const bytes = await Promise.all(found.map(async (tensor) => Buffer.from((await tensor.data()).slice().buffer)));
  return Buffer.concat(bytes).toString('base64');
}

const fixed = await createRuntime({ backends: [wasm({ specializeFrom: 1 })] });
const changing = await createRuntime({ backends: [wasm()] });

test.each(all)('$why: the same bits from the first call on', async (sequences) => {
  for (const length of [5, 12, 43]) {
    const expected = await bitsOf(sequences, fixed, length);
    for (const call of [1, 2, 3])
      expect((await bitsOf(sequences, changing, length)) === expected, `length ${length}, call ${call}`).toBe(true);
  }
});

test.each(all.filter(({ why }) => /packed|vectors, which|groups|over padding|maxPool1d, windows/.test(why)))(
  '$why: forty lengths, each four times, compile a few modules',
  async (sequences) => {
    const instance = vi.spyOn(WebAssembly, 'Instance');
    const passes: number[] = [];
    for (let pass = 0; pass < 4; pass++) {
      const before = instance.mock.settledResults.length;
      for (let length = 60; length < 100; length++) await bitsOf(sequences, changing, length);
      passes.push(instance.mock.settledResults.length - before);
    }
    instance.mockRestore();
    // What takes any length, four modules of lengths that come again for each of three kernels, and that is all.
    const [first = 0, second = 0, third = 0, fourth] = passes;
    expect([first < 20, second + third <= 12, fourth], `${passes}`).toEqual([true, true, 0]);
  },
);
