/** A heat map of numbers over named rows and columns: which token looks at which, which class has which weight. */
import { DendriteError } from '@dendrite/spec';
import { element, joined, type Markup } from '../markup/markup.ts';
import { colorClass, svg, text, widthOf } from '../markup/svg.ts';
import { formatNumber } from '../scale/numbers.ts';
import { range } from '../scale/scale.ts';

export interface HeatMapData {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `values[row][column]`. */
  readonly values: readonly ArrayLike<number>[];
}

export interface HeatMapOptions {
  readonly title?: string;
  readonly rowLabel?: string;
  readonly columnLabel?: string;
  /** The value of the full colour. Default: the largest size there is. */
  readonly full?: number;
  /** Write the values into the cells. Default: where they fit. */
  readonly numbers?: boolean;
}

/**
 * An SVG of shades in proportion to the value: blue above 0, orange below, a cross where there is no finite number.
 * @throws SHAPE  if `values` is not rows × columns
 */
export function heatMap({ rows, columns, values }: HeatMapData, options: HeatMapOptions = {}): string {
  const { title = '', rowLabel = '', columnLabel = '', numbers } = options;
  const wrong =
    values.length !== rows.length ? values.length : values.find((row) => row.length !== columns.length)?.length;
  if (wrong !== undefined) {
    throw new DendriteError(
      'SHAPE',
      `heatMap(): values must be [${rows.length}, ${columns.length}] as rows and columns are, got a length of ${wrong}. Give one number a row and column.`,
    );
  }
  const flat = values.flatMap((row) => Array.from(row));
  const [low, high] = range(flat);
  const full = options.full ?? Math.max(Math.abs(low), Math.abs(high));
  const nameRoom = Math.min(150, Math.max(24, ...rows.map(widthOf)) + 12);
  const columnRoom = Math.min(110, Math.max(24, ...columns.map(widthOf)) * 0.75 + 16);
  const left = 16 + nameRoom + (rowLabel === '' ? 0 : 20);
  const cell = Math.max(10, Math.min(42, Math.floor(640 / Math.max(1, columns.length))));
  const top = (title === '' ? 16 : 44) + columnRoom + (columnLabel === '' ? 0 : 18);
  const width = left + columns.length * cell + 70;
  const height = top + rows.length * cell + 44;
  const write = numbers ?? cell >= 38;
  const every = Math.ceil(13 / cell);
  return svg(
    { title, description: describe(rows, columns, values, low, high), width: Math.max(260, width), height },
    text(left + (columns.length * cell) / 2, title === '' ? 18 : 46, columnLabel, {
      class: 'dn-muted',
      anchor: 'middle',
    }),
    text(0, 0, rowLabel, {
      class: 'dn-muted',
      anchor: 'middle',
      transform: `translate(18 ${Math.round(top + (rows.length * cell) / 2)}) rotate(-90)`,
    }),
    ...rows.map((name, i) =>
      i % every > 0
        ? joined([])
        : text(left - 8, top + (i + 0.5) * cell + 4, name, { anchor: 'end', most: nameRoom - 12 }),
    ),
    ...columns.map((name, j) =>
      j % every > 0
        ? joined([])
        : text(0, 0, name, {
            transform: `translate(${Math.round(left + (j + 0.5) * cell + 3)} ${top - 6}) rotate(-45)`,
            most: 130,
          }),
    ),
    ...values.flatMap((row, i) =>
      Array.from(row, (value, j) =>
        square(`${rows[i]} → ${columns[j]}`, value, full, left + j * cell, top + i * cell, cell, write),
      ),
    ),
    legend(low, high, full, left, top + rows.length * cell + 14),
  );
}

function square(name: string, value: number, full: number, x: number, y: number, cell: number, write: boolean): Markup {
  const finite = Number.isFinite(value);
  const shade = finite && full > 0 ? Math.min(1, Math.abs(value) / full) : 0;
  const box = { x: x + 0.5, y: y + 0.5, width: cell - 1, height: cell - 1, rx: 2, fill: 'currentColor' };
  return element(
    'g',
    {},
    element('title', {}, `${name}: ${formatNumber(value)}`),
    element('rect', { ...box, class: colorClass(5), 'fill-opacity': 0.07 }),
    shade > 0
      ? element('rect', {
          ...box,
          class: colorClass(value < 0 ? 1 : 0),
          'fill-opacity': Math.round(shade * 1000) / 1000,
        })
      : undefined,
    finite
      ? undefined
      : element('path', {
          d: `M${x + 3} ${y + 3}l${cell - 6} ${cell - 6}m0 ${6 - cell}l${6 - cell} ${cell - 6}`,
          class: 'dn-warn',
          stroke: 'currentColor',
        }),
    write && finite
      ? text(x + cell / 2, y + cell / 2 + 4, short(value), {
          anchor: 'middle',
          class: `${shade > 0.55 ? 'dn-on' : 'dn-ink'} dn-small dn-number`,
        })
      : undefined,
  );
}

const short = (value: number): string =>
  (value === 0 ? '0' : Math.abs(value) < 10 ? value.toFixed(2) : formatNumber(Math.round(value))).replace('-', '−');

/** Five steps of the shade, with the numbers of its ends. */
function legend(low: number, high: number, full: number, x: number, y: number): Markup {
  if (!(full > 0)) return joined([]);
  const from = low < 0 ? -full : 0;
  const first = text(x, y + 11, formatNumber(from), { class: 'dn-small dn-muted' });
  const start = x + widthOf(formatNumber(from)) + 4;
  const steps = Array.from({ length: 9 }, (_, i) => {
    const value = from + ((full - from) * (i + (from < 0 ? 0 : 1))) / (from < 0 ? 8 : 9);
    return element('rect', {
      x: start + i * 14,
      y,
      width: 13,
      height: 13,
      rx: 2,
      fill: 'currentColor',
      class: colorClass(value < 0 ? 1 : 0),
      'fill-opacity': Math.round((Math.abs(value) / full) * 100) / 100,
    });
  });
  return joined([
    first,
    ...steps,
    text(start + 132, y + 11, formatNumber(Math.max(full, high > full ? full : 0)), { class: 'dn-small dn-muted' }),
  ]);
}

function describe(
  rows: readonly string[],
  columns: readonly string[],
  values: readonly ArrayLike<number>[],
  low: number,
  high: number,
): string {
  const strongest = values.slice(0, 40).map((row, i) => {
    const all = Array.from(row);
    const most = all.reduce((best, value, j) => (Math.abs(value) > Math.abs(all[best] ?? 0) ? j : best), 0);
    return `${rows[i]}: most at ${columns[most] ?? 'nothing'} (${formatNumber(all[most] ?? Number.NaN)})`;
  });
  return `${rows.length} rows and ${columns.length} columns, values from ${formatNumber(low)} to ${formatNumber(high)}. ${strongest.join('; ')}`;
}
