import { layerConformance } from '@dendrite/conformance';
import { checkGradients, createRuntime, tanh } from '@dendrite/core';
import type { CaseInput, Layer, Shape } from '@dendrite/spec';
import { describe, test } from 'vitest';
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  depthwiseConv2d,
  lenet5,
  localResponseNorm,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  resize2d,
  separableConv2d,
} from '../index.ts';

const images: CaseInput = { shape: [2, 4, 5, 2], values: 'distinct' };
const steps: CaseInput = { shape: [2, 6, 3], values: 'distinct' };
const volumes: CaseInput = { shape: [2, 3, 4, 3, 2], values: 'distinct' };

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
  {
    name: 'conv1d',
    make: () => conv1d({ filters: 2, size: 3, padding: 'causal', dilation: 2, activation: tanh }),
    input: steps,
    output: [2, 6, 2],
    parameters: 20,
  },
  {
    name: 'conv1d, grouped, strided',
    make: () => conv1d({ filters: 3, size: 2, stride: 2, groups: 3, bias: false }),
    input: steps,
    output: [2, 3, 3],
    parameters: 6,
  },
  {
    name: 'conv3d',
    make: () => conv3d({ filters: 2, size: [2, 3, 2], padding: 'same' }),
    input: volumes,
    output: [2, 3, 4, 3, 2],
    parameters: 50,
  },
  {
    name: 'conv3d, grouped, strided',
    make: () => conv3d({ filters: 4, size: 2, stride: [1, 2, 1], groups: 2 }),
    input: volumes,
    output: [2, 2, 2, 2, 4],
    parameters: 36,
  },
  {
    name: 'convTranspose2d',
    make: () => convTranspose2d({ filters: 3, size: 3, stride: 2, padding: 'same' }),
    input: images,
    output: [2, 8, 10, 3],
    parameters: 57,
  },
  {
    name: 'convTranspose2d, grouped, padded',
    make: () =>
      convTranspose2d({
        filters: 4,
        size: [2, 3],
        stride: [2, 1],
        padding: 1,
        outputPadding: [1, 0],
        groups: 2,
        bias: false,
      }),
    input: images,
    output: [2, 7, 5, 4],
    parameters: 24,
  },
  {
    name: 'convTranspose1d',
    make: () => convTranspose1d({ filters: 2, size: 4, stride: 2, padding: 1 }),
    input: steps,
    output: [2, 12, 2],
    parameters: 26,
  },
  {
    name: 'depthwiseConv2d',
    make: () => depthwiseConv2d({ size: 3, padding: 'same', multiplier: 2 }),
    input: images,
    output: [2, 4, 5, 4],
    parameters: 40,
  },
  {
    name: 'separableConv2d',
    make: () => separableConv2d({ filters: 3, size: 2, stride: 2 }),
    input: images,
    output: [2, 2, 2, 3],
    parameters: 8 + 6 + 3,
  },
  {
    name: 'maxPool1d',
    make: () => maxPool1d({ size: 3, stride: 2, padding: 1 }),
    input: steps,
    output: [2, 3, 3],
    parameters: 0,
  },
  { name: 'avgPool1d', make: () => avgPool1d(2), input: steps, output: [2, 3, 3], parameters: 0 },
  {
    name: 'maxPool3d',
    make: () => maxPool3d({ size: 2, padding: 'same' }),
    input: volumes,
    output: [2, 2, 2, 2, 2],
    parameters: 0,
  },
  { name: 'avgPool3d', make: () => avgPool3d([1, 2, 3]), input: volumes, output: [2, 3, 2, 1, 2], parameters: 0 },
  {
    name: 'adaptiveAvgPool2d',
    make: () => adaptiveAvgPool2d([3, 2]),
    input: images,
    output: [2, 3, 2, 2],
    parameters: 0,
  },
  {
    name: 'adaptiveMaxPool2d',
    make: () => adaptiveMaxPool2d([3, 2]),
    input: images,
    output: [2, 3, 2, 2],
    parameters: 0,
  },
  {
    name: 'resize2d, nearest',
    make: () => resize2d({ scale: 2 }),
    input: images,
    output: [2, 8, 10, 2],
    parameters: 0,
  },
  {
    name: 'resize2d, bilinear',
    make: () => resize2d({ size: [7, 3], method: 'bilinear' }),
    input: images,
    output: [2, 7, 3, 2],
    parameters: 0,
  },
  {
    name: 'localResponseNorm',
    make: () => localResponseNorm({ size: 3, alpha: 0.5 }),
    input: { shape: [2, 3, 5] },
    output: [2, 3, 5],
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
