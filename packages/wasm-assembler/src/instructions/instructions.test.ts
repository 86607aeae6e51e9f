import { expect, test } from 'vitest';
import { data, execute } from './execute.fixture.ts';
import { instructions } from './instructions.ts';
import { before, memoryCases } from './memory.cases.ts';
import { scalarCases } from './scalar.cases.ts';
import { simdCases } from './simd.cases.ts';

test.each([...scalarCases, ...simdCases])('$name', ({ name, given, expected }) => {
  expect(execute(name, given).result).toEqual(expected);
});

test.each(memoryCases)('$name', ({ name, given, expected, after }) => {
  const { result, memory } = execute(name, given, before);
  expect(result).toEqual(expected);
  if (after) expect([...memory.subarray(data, data + after.length)]).toEqual(after);
});

test('every instruction that is offered is executed above', () => {
  const executed = new Set([...scalarCases, ...simdCases, ...memoryCases].map(({ name }) => name));
  expect([...instructions.keys()].filter((name) => !executed.has(name))).toEqual([]);
  expect(executed.size).toBe(instructions.size);
});
