import { expect, test } from 'vitest';
import { parseDate } from './parse-date.ts';

test('dates and times are read in UTC, with zones and fractions', () => {
  expect(parseDate('1970-01-01')).toBe(0);
  expect(parseDate('1970-01-01 00:01')).toBe(60_000);
  expect(parseDate('1970-01-01T00:00:01.5')).toBe(1500);
  expect(parseDate('1970-01-01T02:00:00+02:00')).toBe(0);
  expect(parseDate('1969-12-31T19:00:00-0500')).toBe(0);
  expect(parseDate('0001-01-01')).toBe(-62135596800000); // years below 100 are not 19xx
});

test('what is no date of the calendar is none', () => {
  for (const text of [
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-01-01T24:00',
    '2024-1-1',
    '1/2/2024',
    'May',
    '',
  ]) {
    expect([text, parseDate(text)]).toEqual([text, undefined]);
  }
});
