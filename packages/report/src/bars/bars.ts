/** Named numbers as bars, longest names and values readable. */
import { element, joined, type Markup } from '../markup/markup.ts';
import { colorClass, svg, text, widthOf } from '../markup/svg.ts';
import { formatNumber } from '../scale/numbers.ts';
import { linearScale, range } from '../scale/scale.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
}

export interface BarOptions {
  readonly title?: string;
  /** Name of the axis, with its unit. */
  readonly xLabel?: string;
  readonly format?: (value: number) => string;
  readonly width?: number;
}

/**
 * An SVG of horizontal bars from 0, in the order given. Negative bars point left, in another colour; what is not finite is written, not drawn.
 * @example
 * import { bars } from '@dendrite/report';
 * bars([{ label: 'petal width', value: 0.44 }, { label: 'sepal width', value: 0.02 }], { title: 'Importance' });
 */
export function bars(items: readonly Bar[], options: BarOptions = {}): string {
  const { title = '', xLabel = '', format = formatNumber, width = 860 } = options;
  const top = title === '' ? 16 : 44;
  const row = 26;
  const labelRoom = Math.min(220, Math.max(0, ...items.map(({ label }) => widthOf(label))) + 12);
  const valueRoom = Math.max(0, ...items.map(({ value }) => widthOf(format(value)))) + 12;
  const [low, high] = range([0, ...items.map(({ value }) => value)]);
  const left = 16 + labelRoom + (low < 0 ? valueRoom : 0);
  const x = linearScale(low, high, { count: 6, pixels: [left, width - 16 - valueRoom], tight: true });
  const height = top + items.length * row + (xLabel === '' ? 12 : 34);
  const bottom = top + items.length * row;
  return svg(
    { title, description: items.map(({ label, value }) => `${label}: ${format(value)}`).join('; '), width, height },
    ...items.map((item, i) => bar(item, top + i * row, row, labelRoom, x, format)),
    element('line', { x1: x.at(0), x2: x.at(0), y1: top, y2: bottom, class: 'dn-axis' }),
    xLabel === ''
      ? joined([])
      : text((left + width - 16 - valueRoom) / 2, height - 12, xLabel, { class: 'dn-muted', anchor: 'middle' }),
  );
}

function bar(
  { label, value }: Bar,
  top: number,
  row: number,
  room: number,
  x: { at(value: number): number },
  format: (value: number) => string,
): Markup {
  const middle = top + row / 2 + 4;
  const end = Number.isFinite(value) ? x.at(value) : x.at(0);
  const name = text(16 + room - 12, middle, label, { anchor: 'end', most: room - 12 });
  const amount = text(value < 0 ? end - 6 : end + 6, middle, format(value), {
    class: Number.isFinite(value) ? 'dn-ink dn-number' : 'dn-warn',
    anchor: value < 0 ? 'end' : 'start',
    ...(Number.isFinite(value) ? {} : { fill: 'currentColor' }),
  });
  const body = element('rect', {
    x: Math.min(x.at(0), end),
    y: top + 4,
    width: Math.abs(end - x.at(0)),
    height: row - 8,
    rx: 2,
    class: colorClass(value < 0 ? 1 : 0),
    fill: 'currentColor',
  });
  return joined([name, body, amount]);
}
