import { layerConformance } from '@dendrite/conformance';
import { checkGradients, createRuntime } from '@dendrite/core';
import type { Layer, Shape, Tree } from '@dendrite/spec';
import { describe, test } from 'vitest';
import { gru, lstm, simpleRnn } from '../index.ts';

const runtime = await createRuntime();
const input = { shape: [3, 4, 2] } as const;
const layers: readonly {
  readonly name: string;
  make(): Layer<Tree, Tree>;
  readonly output: Shape;
  parameters: number;
}[] = [
  { name: 'simpleRnn', make: () => simpleRnn(3), output: [3, 4, 3], parameters: 18 },
  {
    name: 'simpleRnn, relu, without bias',
    make: () => simpleRnn(3, { activation: 'relu', bias: false }),
    output: [3, 4, 3],
    parameters: 15,
  },
  { name: 'lstm', make: () => lstm(3), output: [3, 4, 3], parameters: 72 },
  {
    name: 'lstm, two levels, the last state',
    make: () => lstm(2, { layers: 2, output: 'last' }),
    output: [3, 2],
    parameters: 80,
  },
  { name: 'lstm, backwards', make: () => lstm(2, { reverse: true }), output: [3, 4, 2], parameters: 40 },
  {
    name: 'gru, both directions, the last states',
    make: () => gru(2, { bidirectional: true, output: 'last' }),
    output: [3, 4],
    parameters: 72,
  },
  {
    name: 'gru, two levels of both directions',
    make: () => gru(2, { layers: 2, bidirectional: true }),
    output: [3, 4, 4],
    parameters: 168,
  },
];
describe.each(layers)('$name', ({ make, output, parameters }) => {
  for (const each of layerConformance(make, { runtime, input, output, parameters, checkGradients }))
    test(each.name, each.run);
});

// The next level's inputs are random in training; the random numbers are the step's.
describe('lstm with dropout between levels', () => {
  for (const each of layerConformance(() => lstm(3, { layers: 2, dropout: 0.5 }), { runtime, input, random: true }))
    test(each.name, each.run);
});
