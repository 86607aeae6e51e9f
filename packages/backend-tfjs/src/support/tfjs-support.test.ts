import type { Attributes, Device, TensorSpec } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDevice, variants } from '../device/device.fixture.ts';
import { routines } from '../routines/table.ts';
import { tfjsSupport } from './tfjs-support.ts';

const f = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
/** A call of each op that a variant may decompose. */
const calls: {
  readonly [op: string]: {
    readonly inputs: TensorSpec[];
    readonly outputs: TensorSpec[];
    readonly attributes: Attributes;
  };
} = {
  'core/softmax': { inputs: [f(2, 3)], outputs: [f(2, 3)], attributes: {} },
  'core/log-softmax': { inputs: [f(2, 3)], outputs: [f(2, 3)], attributes: {} },
  'cnn/max-pool2d': {
    inputs: [f(1, 4, 4, 1)],
    outputs: [f(1, 2, 2, 1)],
    attributes: { size: [2, 2], stride: [2, 2], before: [0, 0], after: [0, 0] },
  },
};

test('every routine has its row, and every row of an op that does not decompose its routine', () => {
  const rows = tfjsSupport.filter(({ op }) => !op.startsWith('expression/'));
  const routed = rows.filter(({ ways }) => Object.values(ways).some((way) => way !== 'decomposed')).map(({ op }) => op);
  expect(routed.sort()).toEqual([...routines.keys(), 'core/random-bits'].sort());
  expect(new Set(tfjsSupport.map(({ op }) => op)).size).toBe(tfjsSupport.length);
  for (const { op, ways, why } of tfjsSupport)
    if (Object.values(ways).some((way) => way !== 'native')) expect(why, op).toBeTruthy();
});

describe.each(variants)('on tfjs-%s', (variant) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(variant);
  }, 60_000);
  afterAll(async () => device.dispose());

  test.each(Object.entries(calls))('%s runs as its row says', (name, call) => {
    const decomposed = tfjsSupport.find(({ op }) => op === name)?.ways[variant] === 'decomposed';
    expect(device.native?.({ name }, call) === undefined).toBe(decomposed);
  });
});
