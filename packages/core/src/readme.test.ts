/** The README names everything this package gives. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as core from './index.ts';

test('every exported function is in the README', () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const words = new Set(text.match(/\w+/g));
  expect(Object.keys(core).filter((name) => !words.has(name))).toEqual([]);
  expect(Object.keys(core).length).toBeGreaterThan(110);
});
