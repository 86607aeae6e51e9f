import { DendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { ConformanceFailure, check, type KitCase, withExpectedFailures } from './kit-case.ts';
import { raises } from './raises.ts';

const passes: KitCase = { name: 'core/add: values', run: async () => {} };
const fails: KitCase = { name: 'core/pow: NaN (a)', run: async () => check(false, 'it does not') };

test('an expected failure passes while it fails, and keeps its reason', async () => {
  const [first, second] = withExpectedFailures('kit', [passes, fails], {
    'core/pow: NaN*': 'the shader may assume there is none',
  });
  expect(first?.expectedFailure).toBeUndefined();
  expect(second?.expectedFailure).toBe('the shader may assume there is none');
  await expect(first?.run()).resolves.toBeUndefined();
  await expect(second?.run()).resolves.toBeUndefined();
});

test('an expected failure that passes fails', async () => {
  const [marked] = withExpectedFailures('kit', [passes], { 'core/add: values': 'it was wrong once' });
  await expect(marked?.run()).rejects.toThrow(
    'core/add: values passes, though it was expected to fail (it was wrong once)',
  );
});

test('an expected failure needs a reason, and a case', async () => {
  expect(() => withExpectedFailures('kit', [passes], { 'core/add: values': '' })).toThrow(ConformanceFailure);
  const cases = withExpectedFailures('kit', [passes], { 'core/gone': 'there was such a case' });
  expect(cases).toHaveLength(2);
  await expect(cases[1]?.run()).rejects.toThrow("no case is called 'core/gone'");
});

test('a pattern stands for the whole name, and its dots and brackets for themselves', () => {
  const of = (name: string, pattern: string) =>
    withExpectedFailures('kit', [{ name, run: fails.run }], { [pattern]: 'a reason of some length' })[0]
      ?.expectedFailure !== undefined;
  expect(of('core/pow: NaN (a)', 'core/pow: NaN (a)')).toBe(true);
  expect(of('core/pow: NaN (a)', 'core/pow')).toBe(false);
  expect(of('core/pow: NaN (a)', '*NaN*')).toBe(true);
  expect(of('core/pow [3]', 'core/pow [3]')).toBe(true);
  expect(of('core/powx', 'core/pow.')).toBe(false);
});

test('raises asks for the code and the texts', async () => {
  const wrong = () => {
    throw new DendriteError('SHAPE', 'matmul(): inner dimensions must agree, got 64 and 63.');
  };
  await expect(raises('a product', ['SHAPE'], wrong, 64, '63')).resolves.toMatchObject({ code: 'SHAPE' });
  await expect(raises('a product', ['DTYPE'], wrong)).rejects.toThrow(
    "a product must give a DendriteError with DTYPE, got SHAPE 'matmul()",
  );
  await expect(raises('a product', ['SHAPE'], wrong, 65)).rejects.toThrow("the message must have '65'");
  await expect(raises('a product', ['SHAPE'], () => 1)).rejects.toThrow(
    'a product must be refused with SHAPE, but it was accepted',
  );
  await expect(raises('a product', ['SHAPE'], () => Promise.reject(new TypeError('no')))).rejects.toThrow(
    "got TypeError 'no'",
  );
});
