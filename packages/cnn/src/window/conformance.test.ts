import { opConformance } from '@dendrite/conformance';
import { checkGradients, createRuntime } from '@dendrite/core';
import { describe, test } from 'vitest';
import { conv2dCases, conv2dFilterGradientCases, conv2dInputGradientCases } from '../conv2d/conv2d.cases.ts';
import {
  avgPoolOtherCases,
  conv1dCases,
  conv3dCases,
  convTransposeCases,
  maxPoolOtherCases,
  resizeCases,
} from './more-windows.cases.ts';
import { avgPool2dCases, avgPool2dGradientCases, maxPool2dCases, maxPool2dGradientCases } from './pool.cases.ts';

const runtime = await createRuntime();
const tables = [
  conv2dCases,
  conv2dInputGradientCases,
  conv2dFilterGradientCases,
  maxPool2dCases,
  maxPool2dGradientCases,
  avgPool2dCases,
  avgPool2dGradientCases,
  conv1dCases,
  conv3dCases,
  convTransposeCases,
  maxPoolOtherCases,
  avgPoolOtherCases,
  resizeCases,
];
describe.each(tables.map((table) => ({ name: `${table.op.name}: ${table.cases[0]?.name}`, table })))(
  '$name',
  ({ table }) => {
    for (const each of opConformance({ runtime, reference: runtime, checkGradients }, [table]))
      test(each.name, each.run);
  },
);
