import { layerConformance } from '@dendrite/conformance';
import { checkGradients, createRuntime, tanh } from '@dendrite/core';
import type { CaseInput, Layer, Shape } from '@dendrite/spec';
import { describe, test } from 'vitest';
import { avgPool2d, conv2d, lenet5, maxPool2d } from '../index.ts';

const runtime = await createRuntime();
const layers: readonly {
  readonly name: string;
  make(): Layer;
  readonly input: CaseInput;
  readonly output: Shape;
  readonly parameters: number;
}[] = [
  {
    name: 'conv2d',
    make: () => conv2d({ filters: 3, size: 3, padding: 'same', activation: tanh }),
    input: { shape: [2, 4, 5, 2] },
    output: [2, 4, 5, 3],
    parameters: 57,
  },
  {
    name: 'conv2d, grouped',
    make: () => conv2d({ filters: 4, size: [2, 1], stride: 2, groups: 2, bias: false }),
    input: { shape: [2, 4, 5, 2] },
    output: [2, 2, 3, 4],
    parameters: 8,
  },
  {
    name: 'maxPool2d',
    make: () => maxPool2d({ size: 3, stride: 2, padding: 1 }),
    input: { shape: [2, 4, 5, 2], values: 'distinct' },
    output: [2, 2, 3, 2],
    parameters: 0,
  },
  { name: 'avgPool2d', make: () => avgPool2d(2), input: { shape: [2, 4, 5, 2] }, output: [2, 2, 2, 2], parameters: 0 },
  {
    name: 'lenet5',
    make: () => lenet5({ classes: 3 }),
    input: { shape: [2, 12, 12, 1] },
    output: [2, 3],
    parameters: 15_031,
  },
];
describe.each(layers)('$name', ({ name, make, input, output, parameters }) => {
  // Differences of 15,031 parameters take too long; its parts are checked above.
  const checked = name === 'lenet5' ? { parameters } : { parameters, checkGradients };
  for (const each of layerConformance(make, { runtime, input, output, ...checked })) test(each.name, each.run);
});
