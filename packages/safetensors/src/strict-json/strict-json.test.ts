import type { Json } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { parseJson } from './parse-json.ts';
import { writeJson } from './write-json.ts';

describe('parseJson()', () => {
  test.each([
    'null',
    ' true ',
    '-0',
    '1.5e-3',
    '"\\u00e9\\"\\\\/"',
    '[]',
    '[1, [2]]',
    '{"a":{"b":[]}, "c" : null}',
    '"😀"',
    '""',
  ])('reads %s as JSON.parse does', (text) => {
    expect(parseJson(text, 'it')).toEqual(JSON.parse(text));
  });

  test.each([
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '{"a"}',
    '{"a":}',
    '[1 2]',
    '01',
    '+1',
    '.5',
    '1.',
    '1e',
    'NaN',
    'nul',
    'truex',
    '"a',
    '"\t"',
    '"\\x"',
    '"\\u12"',
    "'a'",
    '1 1',
    '{"a":1}}',
    '\u00a01',
    '// 1',
  ])('refuses %j as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => parseJson(text, 'it')).toThrow(/^safetensors: it must .* \(character \d+\)\. The file is damaged/s);
  });

  test.each([
    '{"a":1,"a":2}',
    '{"__proto__":1}',
    '{"b":{"constructor":1}}',
    '1e999',
    '['.repeat(300) + ']'.repeat(300),
  ])('refuses %s, which JSON.parse takes', (text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(() => parseJson(text, 'it')).toThrow('safetensors: it must');
  });
});

describe('writeJson()', () => {
  test('what it writes comes back the same, −0 and all', () => {
    const value: Json = { a: [1, -0, 1e-300, 'é\u2028\ud800', true, null, []], 'b c': {}, toString: 'own' };
    expect(parseJson(writeJson(value, 'it'), 'it')).toEqual(value);
  });

  test.each<[string, unknown, string]>([
    ['NaN', { rate: Number.NaN }, 'toBytes(): it.rate must be JSON'],
    [
      'an infinity',
      [1, Number.POSITIVE_INFINITY],
      'it[1] must be JSON (finite numbers, texts, booleans, null, arrays and plain objects), got Infinity',
    ],
    [
      'undefined',
      { a: undefined },
      'it.a must be JSON (finite numbers, texts, booleans, null, arrays and plain objects), got undefined',
    ],
    ['a function', { a: () => 1 }, 'got function'],
    ['a bigint', 1n, 'got bigint'],
    ['a typed array', { a: new Float32Array(1) }, 'got an instance of a class'],
    ['a date', new Date(0), 'got an instance of a class'],
    ['a hole', new Array(1), 'it[0] must be JSON'],
    ['a reserved name', JSON.parse('{"__proto__":1}'), 'got the reserved name "__proto__"'],
  ])('refuses %s', (_, value, message) => {
    expect(() => writeJson(value as Json, 'it')).toThrow(message);
  });

  test('refuses a cycle', () => {
    const value: Record<string, Json> = {};
    value.self = value;
    expect(() => writeJson(value, 'it')).toThrow('got more than 200 levels');
  });
});
