import { DendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { judge } from './wrong-call.ts';

const row = (call: () => unknown) => ({ mistake: '', code: 'SHAPE' as const, says: ['3 ≠ 4', 'Reshape'], call });
const throws = (error: unknown) => () => {
  throw error;
};

test('a call teaches when code, numbers and advice are there', async () => {
  expect(await judge(row(throws(new DendriteError('SHAPE', 'f(): 3 ≠ 4. Reshape it.'))))).toEqual({
    message: 'f(): 3 ≠ 4. Reshape it.',
  });
  expect(await judge(row(async () => throws(new DendriteError('SHAPE', 'f(): 3 ≠ 4. Reshape it.'))()))).toHaveProperty(
    'message',
  );
});

test('silence, another error, another code and missing words are faults', async () => {
  expect(await judge(row(() => 1))).toEqual({ fault: 'nothing was thrown' });
  expect(await judge(row(throws(new TypeError('x'))))).toHaveProperty('fault', expect.stringContaining('TypeError: x'));
  expect(await judge(row(throws('text')))).toEqual({ fault: 'threw something else: text' });
  expect(await judge(row(throws(new DendriteError('DTYPE', '3 ≠ 4. Reshape'))))).toEqual({
    fault: 'code must be SHAPE, got DTYPE: 3 ≠ 4. Reshape',
  });
  expect(await judge(row(throws(new DendriteError('SHAPE', 'no'))))).toEqual({
    fault: "message must say '3 ≠ 4' and 'Reshape', got: no",
  });
});
