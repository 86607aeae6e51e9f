/** The frame of every chart: sizes, colours for light and dark, a title, and words for those who cannot see it. */
import { element, joined, type Markup } from './markup.ts';

export interface Frame {
  readonly title: string;
  /** What the chart shows, in words and numbers; read by screen readers. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
}

// Six colours that stay apart for colour-blind eyes on both grounds (after Okabe and Ito 2008), and a warning colour.
const LIGHT = ['#0b62c4', '#c2570c', '#0f7b5f', '#8a3ea8', '#a8326b', '#5f6b7a'];
const DARK = ['#6cb2ff', '#ffa45c', '#4fd1a5', '#d0a0f0', '#ff94c2', '#a9b4c2'];

const STYLE = [
  '.dn{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}',
  '.dn-title{font-size:15px;font-weight:600}.dn-strong{font-weight:600}.dn-small{font-size:11px}',
  '.dn-number{font-variant-numeric:tabular-nums}.dn-pixels{image-rendering:pixelated}',
  '.dn-surface{fill:#fff}.dn-ink{fill:#1b1f24}.dn-muted{fill:#57606a}.dn-on{fill:#fff}',
  '.dn-grid{stroke:#e4e7eb}.dn-axis{stroke:#8b949e}.dn-warn{color:#b3261e}',
  ...LIGHT.map((color, i) => `.dn-${i + 1}{color:${color}}`),
  '@media screen and (prefers-color-scheme:dark){',
  '.dn-surface{fill:#14181d}.dn-ink{fill:#e6e9ed}.dn-muted{fill:#a3adb8}.dn-on{fill:#0c1014}',
  '.dn-grid{stroke:#2b323a}.dn-axis{stroke:#7d8894}.dn-warn{color:#ff9a92}',
  ...DARK.map((color, i) => `.dn-${i + 1}{color:${color}}`),
  '}',
].join('');

/** How many colours there are; the seventh series begins again. */
export const COLORS: number = LIGHT.length;

/** The class of the i-th colour, from 0; elements take it as `currentColor`. */
export const colorClass = (i: number): string => `dn-${(i % COLORS) + 1}`;

/** A whole SVG document: on its own, or inside HTML. */
export function svg({ title, description, width, height }: Frame, ...body: readonly Markup[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      width: Math.ceil(width),
      height: Math.ceil(height),
      role: 'img',
      'aria-label': title === '' ? description : `${title}. ${description}`,
      class: 'dn',
    },
    title === '' ? undefined : element('title', {}, title),
    element('desc', {}, description),
    element('style', {}, { markup: STYLE }),
    element('rect', { class: 'dn-surface', width: '100%', height: '100%', rx: 8 }),
    title === '' ? undefined : text(16, 26, title, { class: 'dn-title dn-ink' }),
    joined(body),
  ).markup;
}

interface TextOptions {
  readonly class?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Longest width in pixels; what is longer is cut, and shown in full on hover. */
  readonly most?: number;
  readonly fill?: string;
  readonly transform?: string;
}

/** A line of text whose baseline is at y. */
export function text(x: number, y: number, value: string, options: TextOptions = {}): Markup {
  const { class: name = 'dn-ink', anchor, most = Number.POSITIVE_INFINITY, fill, transform } = options;
  const shown = fit(value, most);
  return element(
    'text',
    { x, y, class: name, 'text-anchor': anchor === 'start' ? undefined : anchor, fill, transform },
    shown,
    shown === value ? undefined : element('title', {}, value),
  );
}

/** About how wide a text is at 12 pixels: good enough to leave room. */
export const widthOf = (value: string): number =>
  [...value].reduce((width, character) => width + (character > '\u2e80' ? 12 : 6.7), 0);

/** The text, or its beginning and an ellipsis, that fits a width. */
export function fit(value: string, most: number): string {
  if (widthOf(value) <= most + 0.01) return value; // a room of exactly this width may be less by a rounding
  const characters = [...value];
  while (characters.length > 1 && widthOf(`${characters.join('')}…`) > most) characters.pop();
  return `${characters.join('')}…`;
}
