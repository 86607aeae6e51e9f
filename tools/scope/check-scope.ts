/** The judge of `docs/scope.md`: what a row names must be there, and what it claims must be said in full. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface ScopeReport {
  readonly rows: number;
  readonly counts: Readonly<Record<'real' | 'small' | 'not covered', number>>;
  readonly faults: readonly string[];
}
const columns = ['idea', 'package', 'page', 'example', 'how it stands'] as const;
const states = ['real', 'small', 'not covered'] as const;

/**
 * @param text   the page
 * @param root   the repository, in which packages and examples are looked for
 * @param page   where the page lies, for its links
 */
export function checkScope(text: string, root: string, page: string): ScopeReport {
  const faults: string[] = [];
  const counts = { real: 0, small: 0, 'not covered': 0 };
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const [head = '', , ...rows] = lines;
  if (cellsOf(head).join() !== columns.join())
    faults.push(`docs/scope.md: its table must have the columns ${columns.join(', ')}, got ${head || 'none'}`);
  const ideas = new Set<string>();
  for (const line of rows) {
    const cells = cellsOf(line);
    const [idea = '', packages = '', , example = '', standing = ''] = cells;
    const fault = (what: string): void => void faults.push(`docs/scope.md: '${idea}': ${what}`);
    if (cells.length !== columns.length) fault(`must have ${columns.length} cells, got ${cells.length}`);
    if (ideas.has(idea)) fault('must stand there once');
    ideas.add(idea);
    for (const [, name = ''] of packages.matchAll(/`([\w-]+)`/g))
      if (!existsSync(join(root, 'packages', name, 'package.json'))) fault(`the package ${name} must be in packages/`);
    for (const [, target = ''] of line.matchAll(/\]\(([^)#]+)[^)]*\)/g))
      if (!/^https?:/.test(target) && !existsSync(resolve(dirname(page), target)))
        fault(`what it links to must exist, got ${target}`);
    for (const [, name = ''] of example.matchAll(/`([\w-]+)`/g))
      if (!existsSync(join(root, 'examples', name))) fault(`the example ${name} must be in examples/`);
    const state = states.find((each) => standing.startsWith(`*${each}*`));
    if (!state) {
      fault(`must begin its last cell with ${states.map((each) => `*${each}*`).join(', ')}, got '${standing}'`);
      continue;
    }
    counts[state]++;
    if (standing.length < state.length + 12) fault(`${state} must say more: a figure, what is tiny, or why`);
    if (state === 'real' && !(/\d/.test(standing) && /`[\w-]+`/.test(example)))
      fault('real must name an example, and its figure beside a baseline');
  }
  if (rows.length === 0) faults.push('docs/scope.md: its table must have rows');
  return { rows: rows.length, counts, faults };
}

/** Cells of a table's line. */
const cellsOf = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
