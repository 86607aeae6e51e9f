/** A table of HTML: numbers right-aligned, everything escaped. */
import { type Cell, DendriteError } from '@dendrite/spec';
import { element } from '../markup/markup.ts';
import { formatNumber } from '../scale/numbers.ts';

export interface TableOptions {
  /** Stands above the table and names it for screen readers. */
  readonly title?: string;
}

/**
 * An HTML `<table>` (no SVG: it wraps, copies and reads aloud).
 * @throws SHAPE  if a row has more or fewer cells than there are columns
 * @example
 * import { table } from '@dendrite/report';
 * table(['label', 'recall'], [['cat', 0.98], ['dog', 0.95]], { title: 'By label' });
 */
export function table(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): string {
  const { title } = options;
  const wrong = rows.findIndex((row) => row.length !== columns.length);
  if (wrong >= 0) {
    throw new DendriteError(
      'SHAPE',
      `table(): row ${wrong} must have ${columns.length} cells, got ${rows[wrong]?.length}. Put null where there is nothing.`,
    );
  }
  const numeric = columns.map(
    (_, j) =>
      rows.length > 0 && rows.every((row) => typeof row[j] === 'number' || row[j] === null || row[j] === undefined),
  );
  const align = (j: number): string | undefined => (numeric[j] === true ? 'number' : undefined);
  return element(
    'table',
    {},
    title === undefined ? undefined : element('caption', {}, title),
    element(
      'thead',
      {},
      element('tr', {}, ...columns.map((name, j) => element('th', { scope: 'col', class: align(j) }, name))),
    ),
    element(
      'tbody',
      {},
      ...rows.map((row) => element('tr', {}, ...row.map((cell, j) => element('td', { class: align(j) }, shown(cell))))),
    ),
  ).markup;
}

function shown(cell: Cell): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'number') return formatNumber(cell);
  return cell instanceof Date
    ? Number.isNaN(cell.getTime())
      ? 'no date'
      : cell.toISOString().slice(0, 10)
    : String(cell);
}
