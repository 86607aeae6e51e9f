// The check sees what it is for, and is not fooled by comments.
import { expect, test } from 'vitest';
import { findPowers, withoutComments } from './find-powers.ts';
import { powers } from './table.ts';

const faultsOf = (text: string): readonly string[] =>
  findPowers(new Map([['packages/a/src/b.ts', withoutComments(text)]]), powers).flatMap(({ files }) => files);

test.each([
  'eval("1")',
  'new Function("return 1")',
  'await fetch(url)',
  "import { connect } from 'node:net';",
  "import { exec } from 'node:child_process';",
  'await import(name)',
  'new Worker(url)',
  "import { readFile } from 'node:fs/promises';",
  'element.innerHTML = text',
  'process.env.HOME',
])('%s is seen', (text) => expect(faultsOf(text).length).toBe(1));

test('what is fine is not', () => {
  for (const text of [
    '/** fetch(url) */ const a = 1;',
    '  // eval("1")',
    "await import('./kernels.ts')",
    "throw new Error('allow wasm-unsafe-eval')",
    'function fetched() {}',
  ])
    expect([text, faultsOf(text)]).toEqual([text, []]);
});
