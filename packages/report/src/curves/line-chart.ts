/** Lines over a common axis, each named at its end. */
import { element, joined, type Markup } from '../markup/markup.ts';
import { colorClass, svg, text, widthOf } from '../markup/svg.ts';
import { formatNumber } from '../scale/numbers.ts';
import { linearScale, logScale, range, type Scale } from '../scale/scale.ts';
import { drawable, isDrawn, type Point, thin } from './points.ts';

export interface Series {
  readonly name: string;
  /** In order of x. A point that is not finite breaks the line and is counted below the chart. */
  readonly points: readonly Point[];
  /** `faint` is thin, pale and without a name: raw values behind a smoothed line. Default `solid`. */
  readonly line?: 'solid' | 'dashed' | 'faint';
  /** Number of the colour, from 0. Default: the place of the series. */
  readonly color?: number;
}

export interface LineChartOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Ticks of the x axis are whole numbers. */
  readonly wholeX?: boolean;
  /** Equal ratios are equally wide; points whose x is not above 0 are not drawn. Default `'linear'`. */
  readonly xScale?: 'linear' | 'log';
  /** Equal ratios are equally high; values that are not above 0 are not drawn. Default `'linear'`. */
  readonly yScale?: 'linear' | 'log';
  /** Stands at the top right. */
  readonly note?: string;
  /** Two series by name, whose difference is shaded. */
  readonly between?: readonly [string, string];
  /** Points to mark, with a word each. */
  readonly marks?: readonly { readonly at: Point; readonly label: string; readonly color?: number }[];
  /** Replaces the words for screen readers. */
  readonly description?: string;
  readonly width?: number;
  readonly height?: number;
}

/**
 * An SVG of lines. Lines of more than 1,000 points are thinned to the extremes of each stretch.
 * @param options.between  shades the area between two series, over the stretch that both cover
 * @example
 * import { lineChart } from '@dendrite/report';
 * lineChart([{ name: 'loss', points: [[0, 2.3], [1, 0.4], [2, 0.2]] }], { title: 'Loss', xLabel: 'epoch' });
 */
export function lineChart(series: readonly Series[], options: LineChartOptions = {}): string {
  const {
    title = '',
    xLabel = '',
    yLabel = '',
    wholeX = false,
    xScale = 'linear',
    yScale = 'linear',
    between,
    marks = [],
    width = 860,
    height = 340,
  } = options;
  const shown = series.map((one) => ({
    ...one,
    points: thin(one.points.map((point) => drawable(point, xScale, yScale))),
  }));
  const named = shown.filter(({ line, points }) => line !== 'faint' && points.some(isDrawn));
  const nameRoom = Math.min(200, Math.max(0, ...named.map((one) => widthOf(endLabel(one)))) + 24);
  const box = {
    left: 64,
    right: width - Math.max(24, nameRoom),
    top: title === '' ? 24 : 48,
    bottom: height - 48,
  };
  const drawn = shown.flatMap(({ points }) => points.filter(isDrawn));
  const horizontal = { count: 8, pixels: [box.left, box.right] as const, tight: true, whole: wholeX };
  const vertical = { count: 5, pixels: [box.bottom, box.top] as const };
  const x = (xScale === 'log' && drawn.length > 0 ? logScale : linearScale)(
    ...range(drawn.map(([value]) => value)),
    horizontal,
  );
  const y = (yScale === 'log' && drawn.length > 0 ? logScale : linearScale)(
    ...range(drawn.map(([, value]) => value)),
    vertical,
  );
  const lost = series
    .flatMap(({ points }) => points)
    .filter((point) => !isDrawn(drawable(point, xScale, yScale))).length;
  const reason = yScale === 'log' ? 'finite and above 0, so not drawn' : 'finite, so not drawn';
  const warning = lost > 0 ? `${lost} ${lost === 1 ? 'value is' : 'values are'} not ${reason}` : undefined;
  return svg(
    { title, description: options.description ?? describe(named, warning), width, height },
    axes(
      x,
      y,
      box,
      xScale === 'log' ? `${xLabel} (log scale)` : xLabel,
      yScale === 'log' ? `${yLabel} (log scale)` : yLabel,
    ),
    between === undefined ? joined([]) : gap(shown, between, x, y),
    ...shown.map((one, i) => path(one, i, x, y)),
    ...marks.map(({ at, label, color = 0 }) => mark(at, label, color, x, y, box)),
    names(shown, x, y),
    options.note === undefined ? joined([]) : text(width - 16, 26, options.note, { class: 'dn-muted', anchor: 'end' }),
    warning === undefined
      ? joined([])
      : text(box.right, height - 10, warning, { class: 'dn-small dn-warn', anchor: 'end', fill: 'currentColor' }),
    drawn.length > 0
      ? joined([])
      : text((box.left + box.right) / 2, (box.top + box.bottom) / 2, 'no finite values', {
          anchor: 'middle',
          class: 'dn-muted',
        }),
  );
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function axes(x: Scale, y: Scale, { left, right, top, bottom }: Box, xLabel: string, yLabel: string): Markup {
  return joined([
    ...y.ticks.flatMap((tick) => [
      element('line', { x1: left, x2: right, y1: y.at(tick), y2: y.at(tick), class: 'dn-grid' }),
      text(left - 8, y.at(tick) + 4, formatNumber(tick), { class: 'dn-muted dn-number', anchor: 'end' }),
    ]),
    ...x.ticks.map((tick) =>
      text(x.at(tick), bottom + 18, formatNumber(tick), { class: 'dn-muted dn-number', anchor: 'middle' }),
    ),
    element('line', { x1: left, x2: right, y1: bottom, y2: bottom, class: 'dn-axis' }),
    text((left + right) / 2, bottom + 38, xLabel, { class: 'dn-muted', anchor: 'middle' }),
    text(0, 0, yLabel, {
      class: 'dn-muted',
      anchor: 'middle',
      transform: `translate(16 ${Math.round((top + bottom) / 2)}) rotate(-90)`,
    }),
  ]);
}

function path({ points, line = 'solid', color }: Series, i: number, x: Scale, y: Scale): Markup {
  let d = '';
  let drawing = false;
  const alone: Markup[] = [];
  const kept = points;
  for (const [at, point] of kept.entries()) {
    if (!isDrawn(point)) {
      drawing = false;
      continue;
    }
    const place = `${Math.round(x.at(point[0]) * 100) / 100} ${Math.round(y.at(point[1]) * 100) / 100}`;
    d += `${drawing ? 'L' : 'M'}${place}`;
    const next = kept[at + 1];
    // A point between two gaps has no line to be seen by.
    if (!drawing && (next === undefined || !isDrawn(next))) alone.push(dot(x.at(point[0]), y.at(point[1]), 3));
    drawing = true;
  }
  const faint = line === 'faint';
  const stroke = { d, fill: 'none', stroke: 'currentColor', 'stroke-linejoin': 'round', 'stroke-width': faint ? 1 : 2 };
  return element(
    'g',
    { class: colorClass(color ?? i) },
    element('path', {
      ...stroke,
      'stroke-dasharray': line === 'dashed' ? '6 4' : undefined,
      'stroke-opacity': faint ? 0.3 : undefined,
    }),
    ...alone,
    // Few points are shown as such, so that a line does not promise more than was measured.
    ...(faint || kept.length > 30 ? [] : kept.filter(isDrawn).map(([px, py]) => dot(x.at(px), y.at(py), 2.5))),
  );
}

const dot = (cx: number, cy: number, r: number): Markup => element('circle', { cx, cy, r, fill: 'currentColor' });

function mark([px, py]: Point, label: string, color: number, x: Scale, y: Scale, { left, right }: Box): Markup {
  const cx = x.at(px);
  const cy = y.at(py);
  const anchor = cx > right - 90 ? 'end' : cx < left + 60 ? 'start' : 'middle';
  return element(
    'g',
    { class: colorClass(color) },
    element('circle', { cx, cy, r: 6, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5 }),
    text(cx, cy - 12, label, { class: 'dn-small dn-muted', anchor }),
  );
}

/** Names at the ends of lines, moved apart until none covers another. */
function names(series: readonly Series[], x: Scale, y: Scale): Markup {
  const ends = series
    .flatMap((one, i) => {
      const last = one.line === 'faint' ? undefined : one.points.findLast(isDrawn);
      return last === undefined
        ? []
        : [{ label: endLabel(one), color: one.color ?? i, x: x.at(last[0]), y: y.at(last[1]) }];
    })
    .sort((a, b) => a.y - b.y);
  let above = Number.NEGATIVE_INFINITY;
  return joined(
    ends.map((end) => {
      above = Math.max(end.y, above + 16);
      return element(
        'g',
        { class: colorClass(end.color) },
        text(end.x + 8, above + 4, end.label, { class: 'dn-strong', fill: 'currentColor', most: 190 }),
      );
    }),
  );
}

const endLabel = ({ name, points }: Series): string =>
  `${name} ${formatNumber(points.findLast(isDrawn)?.[1] ?? Number.NaN)}`;

function gap(series: readonly Series[], [upper, lower]: readonly [string, string], x: Scale, y: Scale): Markup {
  const find = (name: string): readonly Point[] =>
    (series.find((one) => one.name === name)?.points ?? []).filter(isDrawn);
  const a = find(upper);
  const b = find(lower);
  const begin = Math.max(a[0]?.[0] ?? 0, b[0]?.[0] ?? 0);
  const end = Math.min(a.at(-1)?.[0] ?? 0, b.at(-1)?.[0] ?? 0);
  const inside = (points: readonly Point[]): Point[] => points.filter(([px]) => px >= begin && px <= end);
  const outline = [...inside(a), ...inside(b).reverse()];
  if (outline.length < 3) return joined([]);
  return element('polygon', {
    points: outline
      .map(([px, py]) => `${Math.round(x.at(px) * 100) / 100},${Math.round(y.at(py) * 100) / 100}`)
      .join(' '),
    class: `${colorClass(1)} dn-gap`,
    fill: 'currentColor',
    'fill-opacity': 0.13,
  });
}

function describe(named: readonly Series[], note: string | undefined): string {
  const lines = named.map(({ name, points }) => {
    const finite = points.filter(isDrawn);
    const [low, high] = range(finite.map(([, value]) => value));
    return `${name}: from ${formatNumber(finite[0]?.[1] ?? Number.NaN)} to ${formatNumber(finite.at(-1)?.[1] ?? Number.NaN)}, lowest ${formatNumber(low)}, highest ${formatNumber(high)}`;
  });
  return [...lines, ...(note === undefined ? [] : [note])].join('; ');
}
