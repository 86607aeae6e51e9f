/** Whatever people may copy from a README or a docstring compiles, runs, and gives the values it shows. */
import { beforeAll, describe, expect, test } from 'vitest';
import { withChecks } from './checked-values.ts';
import { docstringSnippets, findSnippets, markdownSnippets, type Snippet } from './find-snippets.ts';
import { type Faults, runFaults, typeFaults } from './run-snippets.ts';

const snippets = findSnippets();
const runnable = snippets.filter(({ run }) => run);
const named = (list: readonly Snippet[]) => list.map((snippet) => ({ at: `${snippet.file}:${snippet.line}`, snippet }));
let types: Faults;
let runs: Faults;
beforeAll(() => {
  types = typeFaults(snippets);
  runs = runFaults(runnable);
}, 120_000);

test.each(named(snippets))('$at compiles', ({ snippet }) => {
  expect(types.get(snippet) ?? []).toEqual([]);
});
test.each(named(runnable))('$at runs, and gives what it shows', ({ snippet }) => {
  expect(runs.get(snippet)).toEqual([]);
});

test('there are many, and many claims', () => {
  expect(runnable.length).toBeGreaterThan(40);
  expect(runnable.flatMap(({ code, line }) => withChecks(code, line).lines).length).toBeGreaterThan(20);
});

describe('finding', () => {
  test('blocks of Markdown', () => {
    const text = 'a\n```ts\nx;\ny;\n```\n```sh\nno\n```\n```ts no-run\nz;\n```\n';
    expect(markdownSnippets('R.md', text)).toEqual([
      { file: 'R.md', line: 3, code: 'x;\ny;', run: true },
      { file: 'R.md', line: 10, code: 'z;', run: false },
    ]);
    expect(() => markdownSnippets('R.md', '```ts\nx;')).toThrow('R.md:1: the code block has no end');
  });
  test('examples of docstrings', () => {
    const text = '/**\n * Adds.\n * @example\n * a;\n *   b;\n * @source x\n */\n/** @example */';
    expect(docstringSnippets('a.ts', text)).toEqual([{ file: 'a.ts', line: 4, code: 'a;\n  b;', run: true }]);
  });
});

test('claims: literals behind a statement, and nothing else', () => {
  const check = (line: string): string => withChecks(line, 7).code;
  expect(check('await x.toArray(); // [1, 2]')).toBe("globalThis['~check'](7, await x.toArray(), [1, 2]);");
  expect(check("const a = f(); // 'cpu'")).toBe("const a = f(); // 'cpu'\nglobalThis['~check'](7, a, 'cpu');");
  expect(check('score; // 0.73…')).toBe("globalThis['~check'](7, score, { '~digits': '0.73' });");
  for (const other of [
    'f(); // the seed',
    '}); // 3',
    'f(); // 3 numbers',
    'import "x"; // 1',
    'const [a] = b; // 1',
    'f(); // g',
  ])
    expect(check(other)).toBe(other);
});
