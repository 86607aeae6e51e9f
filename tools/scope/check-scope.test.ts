/** The page of scope passes, and each way of spoiling it is found. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkScope } from './check-scope.ts';

const root = join(import.meta.dirname, '..', '..');
const page = join(root, 'docs', 'scope.md');
const head = '| idea | package | page | example | how it stands |\n|---|---|---|---|---|\n';
const row = '| depth | `nn` | [nn](../packages/nn/README.md) | `digits` | *real*: 98 % beside 10 % |';
const faultsOf = (text: string): readonly string[] => checkScope(text, root, page).faults;

test('the page itself is whole', () => {
  expect(faultsOf(readFileSync(page, 'utf8'))).toEqual([]);
});

test('a row counts, and is whole', () => {
  expect(checkScope(`${head}${row}\n`, root, page)).toEqual({
    rows: 1,
    counts: { real: 1, small: 0, 'not covered': 0 },
    faults: [],
  });
});

test.each([
  ['`digits`', '`digit`', 'the example digit must be in examples/'],
  ['`nn`', '`mm`', 'the package mm must be in packages/'],
  ['nn/README.md', 'nn/READMY.md', 'what it links to must exist, got ../packages/nn/READMY.md'],
  ['*real*', '*done*', "must begin its last cell with *real*, *small*, *not covered*, got '*done*: 98 % beside 10 %'"],
  [': 98 % beside 10 %', ', very much so, indeed', 'real must name an example, and its figure beside a baseline'],
  ['*real*: 98 % beside 10 %', '*small*', 'small must say more: a figure, what is tiny, or why'],
  ['| `digits` ', '', 'must have 5 cells, got 4'],
  [' |', ` |\n${row}`, 'must stand there once'],
])('%s → %s is a fault', (from, to, fault) => {
  const at = row.lastIndexOf(from);
  const spoilt = row.slice(0, at) + to + row.slice(at + from.length);
  expect(faultsOf(head + spoilt).join('\n')).toContain(fault);
});

test('a page without its table is a fault', () => {
  expect(faultsOf('# Scope')).toHaveLength(2);
});
