/** The support matrix as a page of Markdown, and the page read again: what stands in a column that is not measured anew stays. */
import type { OpSupport } from '@dendrite/core';
import type { Column } from './column-of.ts';

/** Cells by backend and op. */
export type Cells = ReadonlyMap<string, ReadonlyMap<string, string>>;

const head = `# Support matrix

How each op runs on each backend. \`pnpm support-matrix --write\` makes this page by running every case table forwards and back and
asking the runtime what it decided; \`pnpm check support\` fails where it is out of date. Backward passes are ops too and have
rows of their own, so a row says of a gradient what it says of an op.

- **kernel**: the op's own SIMD kernel. **JS kernel**: the same memory, loops in JavaScript; on the cpu backend that is what there is.
- **formula**: one pass over the elements, emitted from the op's formula, with its neighbours in a recorded step. **routine**: TensorFlow.js.
- **decomposition**: other ops of this table. **–**: no case calls it here; it is part of a decomposition that a kernel replaces.
- Several ways stand in the order of how many cases met them; the second is mostly of another dtype.
- gradient: **own** and **formula** are differentiable; **zero** is a constant to every gradient; **none** says so when it is asked.

`;

/** `columns`: measured now; `before`: the page as it is. */
export function matrixPage(
  names: readonly string[],
  columns: ReadonlyMap<string, Column>,
  ops: readonly OpSupport[],
  before: Cells,
): string {
  const cell = (name: string, op: string): string => {
    const measured = columns.get(name);
    return (measured ? measured.ways.get(op) : before.get(name)?.get(op)) ?? '–';
  };
  const gradients = { own: 'own', expression: 'formula', zero: 'zero', none: 'none' } as const;
  const rows = ops
    .toSorted((a, b) => (a.op < b.op ? -1 : 1))
    .map(({ op, gradient }) => [op, gradients[gradient], ...names.map((name) => cell(name, op))]);
  const lines = [['op', 'gradient', ...names], ['op', ...names, ''].map(() => '---'), ...rows];
  return `${head}${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

/** The cells of a page. */
export function cellsOf(page: string): Cells {
  const [table = ''] = page.split('\n## ');
  const lines = table.split('\n').filter((line) => line.startsWith('| '));
  const [heading = [], , ...rows] = lines.map((line) => line.slice(2, -2).split(' | '));
  return new Map(
    heading.slice(2).map((name, i) => [name, new Map(rows.map((row) => [row[0] ?? '', row[i + 2] ?? '–']))]),
  );
}

/** What differs between two pages, one line each. */
export function differences(before: Cells, after: Cells): string[] {
  const found: string[] = [];
  for (const [name, cells] of after)
    for (const [op, way] of cells) {
      const written = before.get(name)?.get(op) ?? 'nothing';
      if (written !== way) found.push(`${op} on ${name}: the page says ${written}, it runs by ${way}`);
    }
  for (const op of [...before.values()].flatMap((cells) => [...cells.keys()]))
    if (![...after.values()].some((cells) => cells.has(op))) found.push(`${op}: there is no such op any more`);
  return [...new Set(found)];
}
