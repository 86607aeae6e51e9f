import { expect, test } from 'vitest';
import { EVIL, unbalanced } from '../markup/markup.fixture.ts';
import { table } from './table.ts';

test('numbers to the right, nothing as a dash, dates as days', () => {
  expect(
    table(
      ['name', 'n'],
      [
        ['a', 1234.5],
        [true, null],
        [new Date(0), 2],
      ],
      { title: 'T' },
    ),
  ).toBe(
    '<table><caption>T</caption><thead><tr><th scope="col">name</th><th scope="col" class="number">n</th></tr></thead><tbody>' +
      '<tr><td>a</td><td class="number">1,234.5</td></tr><tr><td>true</td><td class="number">–</td></tr><tr><td>1970-01-01</td><td class="number">2</td></tr></tbody></table>',
  );
});

test('NaN and broken dates are seen; text is escaped', () => {
  expect(table(['x'], [[Number.NaN], [new Date(Number.NaN)]])).toMatch(/NaN.*no date/);
  const html = table([EVIL], [[EVIL]], { title: EVIL });
  expect(html).not.toMatch(/<script|<img/);
  expect(unbalanced(html)).toEqual([]);
});

test('a row of another length is refused', () => {
  expect(() => table(['a', 'b'], [[1, 2], [1]])).toThrow(
    'table(): row 1 must have 2 cells, got 1. Put null where there is nothing.',
  );
});
