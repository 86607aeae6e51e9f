/** The confusion matrix as a picture: what each label was taken for. */
import { DendriteError, type Label } from '@dendrite/spec';
import { element, joined, type Markup } from '../markup/markup.ts';
import { colorClass, svg, text, widthOf } from '../markup/svg.ts';
import { formatNumber, formatPercent } from '../scale/numbers.ts';

export interface ConfusionMatrixData {
  readonly labels: readonly Label[];
  /** `counts[i][j]`: examples that are `labels[i]` and were predicted as `labels[j]`. */
  readonly counts: readonly (readonly number[])[];
}

export interface ConfusionMatrixOptions {
  readonly title?: string;
  readonly width?: number;
}

/**
 * An SVG of the matrix: expected labels down, predicted ones across, counts in the cells, recall at each row's end. Shades
 * are shares of the row: right answers in blue in proportion; mistakes in orange with the square root of their share, from a
 * tenth, so that one in a hundred can be seen.
 * @throws SHAPE  if `counts` is not square in the number of labels; DATA  if a count is negative or not finite
 */
export function confusionMatrix({ labels, counts }: ConfusionMatrixData, options: ConfusionMatrixOptions = {}): string {
  const { title = 'Confusion matrix', width = 640 } = options;
  check(labels, counts);
  const names = labels.map(String);
  const n = labels.length;
  const nameRoom = Math.min(140, Math.max(24, ...names.map(widthOf)) + 12);
  const left = 36 + nameRoom;
  const room = Math.floor((width - left - 84) / Math.max(1, n));
  const cell = Math.max(8, Math.min(50, room)); // height of a cell
  // Long names of few labels stand level over wider cells; else they lean.
  const across = Math.max(cell, Math.min(100, room, Math.ceil(Math.max(0, ...names.map(widthOf))) + 10));
  const tilted = names.some((name) => widthOf(name) > across - 4);
  const top = (title === '' ? 36 : 64) + (tilted ? Math.min(80, nameRoom * 0.75) : 16);
  const size = n * cell;
  const wide = n * across;
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  // Names are thinned out where they would cover each other.
  const every = Math.ceil(13 / cell);
  return svg(
    {
      title,
      description: describe(names, counts, totals),
      width: Math.max(320, left + wide + 84),
      height: top + size + 24,
    },
    text(left + wide / 2, title === '' ? 20 : 50, 'predicted', { class: 'dn-muted', anchor: 'middle' }),
    text(0, 0, 'expected', {
      class: 'dn-muted',
      anchor: 'middle',
      transform: `translate(22 ${Math.round(top + size / 2)}) rotate(-90)`,
    }),
    text(left + wide + 10, top - 8, 'recall', { class: 'dn-muted' }),
    ...names.map((name, i) =>
      i % every > 0
        ? joined([])
        : joined([
            text(left - 8, top + (i + 0.5) * cell + 4, name, { anchor: 'end', most: nameRoom - 12 }),
            columnName(name, left + (i + 0.5) * across, top - 8, tilted, nameRoom),
          ]),
    ),
    ...counts.flatMap((row, i) =>
      row.map((count, j) =>
        square(names, i, j, count, totals[i] ?? 0, left + j * across, top + i * cell, across, cell),
      ),
    ),
    ...totals.map((total, i) =>
      i % every > 0
        ? joined([])
        : text(
            left + wide + 10,
            top + (i + 0.5) * cell + 4,
            total > 0 ? formatPercent((counts[i]?.[i] ?? 0) / total) : '–',
            { class: 'dn-ink dn-number' },
          ),
    ),
  );
}

function check(labels: readonly Label[], counts: readonly (readonly number[])[]): void {
  const n = labels.length;
  const wrong = counts.length !== n ? counts.length : counts.find((row) => row.length !== n)?.length;
  if (wrong !== undefined) {
    throw new DendriteError(
      'SHAPE',
      `confusionMatrix(): counts must be [${n}, ${n}] for ${n} labels, got a length of ${wrong}. Give one row and one column a label.`,
    );
  }
  const bad = counts.flat().find((count) => !(count >= 0 && count < Number.POSITIVE_INFINITY));
  if (bad !== undefined) {
    throw new DendriteError(
      'DATA',
      `confusionMatrix(): counts must be finite and at least 0, got ${bad}. Pass counts or weights.`,
    );
  }
}

function columnName(name: string, x: number, y: number, tilted: boolean, room: number): Markup {
  return tilted
    ? text(0, 0, name, { transform: `translate(${Math.round(x)} ${y}) rotate(-40)`, most: room - 12 })
    : text(x, y, name, { anchor: 'middle' });
}

function square(
  names: readonly string[],
  i: number,
  j: number,
  count: number,
  total: number,
  x: number,
  y: number,
  across: number,
  cell: number,
): Markup {
  const share = total > 0 ? count / total : 0;
  const shade = count === 0 ? 0 : i === j ? share : 0.1 + 0.9 * Math.sqrt(share);
  const tip = `expected ${names[i]}, predicted ${names[j]}: ${formatNumber(count)} of ${formatNumber(total)} (${formatPercent(share)})`;
  const shown = formatNumber(count);
  const fits = cell >= 20 && widthOf(shown) <= across + 2;
  return element(
    'g',
    {},
    element('title', {}, tip),
    element('rect', {
      x: x + 0.5,
      y: y + 0.5,
      width: across - 1,
      height: cell - 1,
      rx: 2,
      class: `${colorClass(5)}`,
      fill: 'currentColor',
      'fill-opacity': 0.07,
    }),
    shade === 0
      ? undefined
      : element('rect', {
          x: x + 0.5,
          y: y + 0.5,
          width: across - 1,
          height: cell - 1,
          rx: 2,
          class: colorClass(i === j ? 0 : 1),
          fill: 'currentColor',
          'fill-opacity': shade,
        }),
    count === 0 || !fits
      ? undefined
      : text(x + across / 2, y + cell / 2 + 4, shown, {
          anchor: 'middle',
          class: `${shade > 0.5 ? 'dn-on' : 'dn-ink'} dn-number${cell < 30 ? ' dn-small' : ''}`,
        }),
  );
}

function describe(names: readonly string[], counts: readonly (readonly number[])[], totals: readonly number[]): string {
  const all = totals.reduce((sum, total) => sum + total, 0);
  const right = counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const mistakes = counts
    .flatMap((row, i) => row.map((count, j) => ({ i, j, count })))
    .filter(({ i, j, count }) => i !== j && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 5)
    .map(({ i, j, count }) => `${names[i]} taken for ${names[j]} ${formatNumber(count)} times`);
  return [
    `${formatNumber(right)} of ${formatNumber(all)} right`,
    ...(mistakes.length > 0 ? [`most frequent mistakes: ${mistakes.join(', ')}`] : []),
  ].join('; ');
}
