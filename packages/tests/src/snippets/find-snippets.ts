/** Code that people will copy: `ts` blocks of every README, and the `@example` of every docstring. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Snippet {
  /** File, relative to the repository. */
  readonly file: string;
  /** Line of the first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** Type-checked only: it trains for minutes, needs a browser or files. */
  readonly run: boolean;
}

/** The repository. */
export const root: string = join(import.meta.dirname, '../../../..');

/** Blocks that open with three backticks and `ts`; `ts no-run` marks those that are only type-checked. */
export function markdownSnippets(file: string, text: string): Snippet[] {
  const found: Snippet[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const fence = /^```ts\b(.*)$/.exec(lines[i] ?? '');
    if (!fence) continue;
    const end = lines.indexOf('```', i + 1);
    if (end < 0) throw new Error(`${file}:${i + 1}: the code block has no end`);
    found.push({
      file,
      line: i + 2,
      code: lines.slice(i + 1, end).join('\n'),
      run: !/\bno-run\b/.test(fence[1] ?? ''),
    });
    i = end;
  }
  return found;
}

/** What stands behind `@example` in a block comment, up to the next tag. `@example no-run` is only type-checked. */
export function docstringSnippets(file: string, text: string): Snippet[] {
  const found: Snippet[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const tag = /^\s*\* @example\b(.*)$/.exec(lines[i] ?? '');
    if (!tag) continue;
    let end = i + 1;
    while (end < lines.length && !/^\s*\*\/|^\s*\* @[a-z]/.test(lines[end] ?? '')) end++;
    const code = lines.slice(i + 1, end).map((line) => line.replace(/^\s*\* ?/, ''));
    found.push({ file, line: i + 2, code: code.join('\n'), run: !/\bno-run\b/.test(tag[1] ?? '') });
  }
  return found;
}

/** All of the repository, in a fixed order. */
export function findSnippets(): Snippet[] {
  const files = (...patterns: string[]): string[] =>
    globSync(patterns, { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' }).sort();
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  return [
    ...files('README.md', 'packages/*/README.md').flatMap((file) => markdownSnippets(file, read(file))),
    ...files('packages/*/src/**/*.ts')
      .filter((file) => !/\.(test|test-d|cases|fixture)\.ts$/.test(file) && !file.startsWith('packages/tests/'))
      .flatMap((file) => docstringSnippets(file, read(file))),
  ];
}
