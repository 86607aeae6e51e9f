import { layerConformance, opConformance } from '@dendrite/conformance';
import { checkGradients, createRuntime, tanh } from '@dendrite/core';
import type { CaseInput, Layer, Shape } from '@dendrite/spec';
import { describe, test } from 'vitest';
import { ctcCases } from '../ctc/ctc.cases.ts';
import {
  batchNorm,
  dense,
  dropout,
  embedding,
  groupNorm,
  instanceNorm,
  layerNorm,
  network,
  parallel,
  prelu,
  residual,
  rmsNorm,
  sequential,
  tied,
} from '../index.ts';
import { preluCases } from '../prelu/prelu.cases.ts';
import {
  softmaxCrossEntropyCases,
  softmaxCrossEntropyGradientCases,
} from '../softmax-cross-entropy/softmax-cross-entropy.cases.ts';

const runtime = await createRuntime();
interface Use {
  readonly name: string;
  make(): Layer;
  readonly input: CaseInput;
  readonly output: Shape;
  readonly parameters: number;
  readonly random?: boolean;
  readonly anyShape?: boolean;
}
const rows: CaseInput = { shape: [4, 3] };
const codes: CaseInput = { shape: [3, 4], dtype: 'int32', values: [1, 4, 4, 0, 5, 2, 1, 1, 0, 0, 3, 5] };
const uses: readonly Use[] = [
  {
    name: 'embedding',
    make: () => embedding(6, 3),
    input: codes,
    output: [3, 4, 3],
    parameters: 18,
    anyShape: true,
  },
  {
    name: 'tied',
    make: () => tied(embedding(6, 3), sequential(dense(4), tanh, dense(3))),
    input: codes,
    output: [3, 4, 6],
    parameters: 18 + 16 + 15 + 6,
    anyShape: true,
  },
  {
    name: 'groupNorm',
    make: () => groupNorm({ groups: 2 }),
    input: { shape: [2, 3, 2, 4] },
    output: [2, 3, 2, 4],
    parameters: 8,
  },
  {
    name: 'instanceNorm',
    make: () => instanceNorm(),
    input: { shape: [2, 3, 2, 2] },
    output: [2, 3, 2, 2],
    parameters: 4,
  },
  { name: 'rmsNorm', make: () => rmsNorm(), input: { shape: [2, 3, 4] }, output: [2, 3, 4], parameters: 4 },
  {
    name: 'layerNorm over two axes',
    make: () => layerNorm({ axes: 2 }),
    input: { shape: [2, 3, 4] },
    output: [2, 3, 4],
    parameters: 24,
  },
  { name: 'prelu', make: () => prelu(), input: { shape: [2, 3, 4] }, output: [2, 3, 4], parameters: 4 },
  {
    name: 'prelu with one slope',
    make: () => prelu({ shared: true }),
    input: rows,
    output: [4, 3],
    parameters: 1,
    anyShape: true,
  },
  {
    name: 'dense',
    make: () => dense(2, { activation: tanh }),
    input: { shape: [2, 4, 3] },
    output: [2, 4, 2],
    parameters: 8,
  },
  { name: 'dense without bias', make: () => dense(2, { bias: false }), input: rows, output: [4, 2], parameters: 6 },
  {
    name: 'dropout',
    make: () => dropout(0.5),
    input: { shape: [8, 16] },
    output: [8, 16],
    parameters: 0,
    random: true,
  },
  { name: 'batchNorm', make: () => batchNorm(), input: { shape: [4, 2, 3] }, output: [4, 2, 3], parameters: 6 },
  { name: 'layerNorm', make: () => layerNorm(), input: { shape: [2, 3, 4] }, output: [2, 3, 4], parameters: 8 },
  {
    name: 'sequential',
    make: () => sequential(dense(4), tanh, batchNorm(), dense(2)),
    input: rows,
    output: [4, 2],
    parameters: 34,
  },
  { name: 'residual', make: () => residual(sequential(dense(3), tanh)), input: rows, output: [4, 3], parameters: 12 },
  { name: 'parallel', make: () => parallel([dense(2), tanh]), input: rows, output: [4, 5], parameters: 8 },
  {
    name: 'network',
    make: () => network({ stem: dense(3), head: dense(2) }, ({ stem, head }, x) => head(tanh(stem(stem(x))))),
    input: rows,
    output: [4, 2],
    parameters: 20,
  },
];
describe.each(uses)('$name', ({ make, ...kit }) => {
  for (const each of layerConformance(make, { runtime, checkGradients, ...kit })) test(each.name, each.run);
});
describe('ops', () => {
  for (const each of opConformance({ runtime, reference: runtime, checkGradients }, [
    softmaxCrossEntropyCases,
    softmaxCrossEntropyGradientCases,
    preluCases,
    ctcCases,
  ]))
    test(each.name, each.run);
});
