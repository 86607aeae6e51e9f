/** A grid of small pictures with what was expected, what was predicted and how sure the model was. */
import { DendriteError, type Label, type Numbers } from '@dendrite/spec';
import { element, joined, type Markup } from '../markup/markup.ts';
import { colorClass, svg, text } from '../markup/svg.ts';
import { formatPercent } from '../scale/numbers.ts';
import { range as valueRange } from '../scale/scale.ts';
import { png, pngUri } from './png.ts';

export interface Picture {
  /** Row by row, channels together: `[height, width, channels]`. Uint8 from 0 to 255; other numbers as `range` says. */
  readonly pixels: Numbers;
  readonly width: number;
  readonly height: number;
  /** Grey, RGB or RGBA. Default 1. */
  readonly channels?: 1 | 3 | 4;
  readonly expected?: Label;
  readonly predicted?: Label;
  /** Of the predicted label, from 0 to 1. */
  readonly probability?: number;
  /** Another line below. */
  readonly caption?: string;
}

export interface PicturesOptions {
  readonly title?: string;
  readonly columns?: number;
  /** Side of a picture in pixels. Default 84. */
  readonly size?: number;
  /** Black and white of pixels that are not Uint8. Default: 0 and 1 where all lie between, else the picture's own lowest and highest. */
  readonly range?: readonly [black: number, white: number];
}

/**
 * An SVG of pictures, each a PNG inside it. Wrong predictions are orange and marked ✗, right ones blue and ✓.
 * @throws SHAPE  if a picture's pixels are not `height · width · channels`; DATA  if a pixel is not finite
 */
export function pictures(items: readonly Picture[], options: PicturesOptions = {}): string {
  const { title = '', columns = 6, size = 84, range } = options;
  const lines = Math.max(0, ...items.map((item) => captionLines(item).length));
  const cellWidth = Math.max(size, 96) + 16;
  const cellHeight = size + lines * 16 + 20;
  const across = Math.max(1, Math.min(columns, items.length));
  const top = title === '' ? 16 : 44;
  const down = Math.ceil(items.length / across);
  return svg(
    {
      title,
      description: describe(items),
      width: Math.max(320, across * cellWidth + 16),
      height: top + down * cellHeight,
    },
    ...items.map((item, i) =>
      picture(
        item,
        i,
        16 + (i % across) * cellWidth,
        top + Math.floor(i / across) * cellHeight,
        size,
        cellWidth - 16,
        range,
      ),
    ),
  );
}

function picture(
  item: Picture,
  index: number,
  x: number,
  y: number,
  size: number,
  room: number,
  range: PicturesOptions['range'],
): Markup {
  const { width, height, channels = 1, expected, predicted } = item;
  const scale = size / Math.max(width, height, 1);
  const right = predicted === undefined || predicted === expected;
  const frame = expected === undefined || predicted === undefined ? 5 : right ? 0 : 1;
  const href = pngUri(png(bytesOf(item, index, range), width, height, channels));
  const left = x + (size - width * scale) / 2;
  const above = y + (size - height * scale) / 2;
  return element(
    'g',
    {},
    element(
      'title',
      {},
      captionLines(item)
        .map(([line]) => line)
        .join(', '),
    ),
    element('image', {
      href,
      x: left,
      y: above,
      width: width * scale,
      height: height * scale,
      class: 'dn-pixels',
      preserveAspectRatio: 'none',
    }),
    element('rect', {
      x: x - 1,
      y: y - 1,
      width: size + 2,
      height: size + 2,
      rx: 3,
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 2,
      class: colorClass(frame),
    }),
    joined(
      captionLines(item).map(([line, strong], i) =>
        strong
          ? element(
              'g',
              { class: colorClass(frame) },
              text(x, y + size + 16 + i * 16, line, { class: 'dn-strong', fill: 'currentColor', most: room }),
            )
          : text(x, y + size + 16 + i * 16, line, { class: 'dn-muted', most: room }),
      ),
    ),
  );
}

/** What stands below a picture; the line about the prediction stands out. */
function captionLines({
  expected,
  predicted,
  probability,
  caption,
}: Picture): readonly (readonly [line: string, strong: boolean])[] {
  const sure = probability === undefined ? '' : ` · ${formatPercent(probability, 0)}`;
  return [
    ...(predicted === undefined
      ? []
      : [[`${expected === undefined ? '' : predicted === expected ? '✓ ' : '✗ '}${predicted}${sure}`, true] as const]),
    ...(expected === undefined || predicted === expected
      ? []
      : [[predicted === undefined ? String(expected) : `expected ${expected}`, false] as const]),
    ...(caption === undefined ? [] : [[caption, false] as const]),
  ];
}

function bytesOf(
  { pixels, width, height, channels = 1 }: Picture,
  index: number,
  range: PicturesOptions['range'],
): Uint8Array {
  if (!(width > 0 && height > 0) || pixels.length !== width * height * channels) {
    throw new DendriteError(
      'SHAPE',
      `pictures(): picture ${index} must have height · width · channels pixels, got ${pixels.length} for [${height}, ${width}, ${channels}]. Correct its size, or cut the batch into pictures.`,
    );
  }
  if (pixels instanceof Uint8Array) return pixels;
  const bad = pixels.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new DendriteError(
      'DATA',
      `pictures(): pixel ${bad} of picture ${index} must be finite, got ${pixels[bad]}. Look where it was made.`,
    );
  const [low, high] = valueRange(pixels);
  const [black, white] = range ?? (low >= 0 && high <= 1 ? [0, 1] : [low, high]);
  const scale = white === black ? 0 : 255 / (white - black);
  return Uint8Array.from(pixels, (value) => Math.max(0, Math.min(255, Math.round((value - black) * scale))));
}

function describe(items: readonly Picture[]): string {
  const shown = items.slice(0, 24).map(
    (item, i) =>
      `${i + 1}: ${
        captionLines(item)
          .map(([line]) => line)
          .join(', ') || 'no caption'
      }`,
  );
  return `${items.length} pictures. ${shown.join('; ')}${items.length > 24 ? '; …' : ''}`;
}
