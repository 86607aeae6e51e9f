/** Axes: round ticks that cover the data, and the line from values to pixels. */

export interface Scale {
  readonly ticks: readonly number[];
  /** Pixel of a value. */
  at(value: number): number;
}

export interface ScaleOptions {
  /** About how many ticks. */
  readonly count: number;
  /** Where its ends lie; `from > to` for an axis that points up. */
  readonly pixels: readonly [from: number, to: number];
  /** Ends at the data instead of at ticks. */
  readonly tight?: boolean;
  /** Ticks are whole numbers. */
  readonly whole?: boolean;
}

/** A linear scale over round numbers (1, 2 or 5 times a power of ten) that covers `[low, high]`. */
export function linearScale(
  low: number,
  high: number,
  { count, pixels, tight = false, whole = false }: ScaleOptions,
): Scale {
  let [from, to] = low <= high ? [low, high] : [0, 1];
  if (from === to) {
    const around = from === 0 ? 1 : Math.abs(from) / 2;
    [from, to] = [from - around, to + around];
  }
  const step = Math.max(whole ? 1 : 0, roundStep((to - from) / count));
  const first = tight ? Math.ceil(from / step - 1e-9) : Math.floor(from / step + 1e-9);
  const last = tight ? Math.floor(to / step + 1e-9) : Math.ceil(to / step - 1e-9);
  // Multiplied, not added up: 3 · 0.1 and its like are rounded to the digits of the step.
  const digits = Math.max(0, 1 - Math.floor(Math.log10(step)));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const tick = (first + i) * step;
    return digits > 20 ? tick : Number(tick.toFixed(digits));
  });
  return { ticks, at: line(tight ? from : first * step, tight ? to : last * step, pixels) };
}

/** A logarithmic scale a little wider than `[low, high]`, both above 0: equal ratios are equally far apart. Ticks at 1, 2 and 5, or at powers of ten. */
export function logScale(low: number, high: number, { pixels }: ScaleOptions): Scale {
  const [from, to] = [low / 1.15, (high > low ? high : low * 10) * 1.1];
  const factors = to / from > 300 ? [1] : [1, 2, 5];
  const first = Math.floor(Math.log10(from));
  const powers = Array.from({ length: Math.ceil(Math.log10(to)) - first + 1 }, (_, i) => first + i);
  const all = powers.flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(3))));
  const at = line(Math.log10(from), Math.log10(to), pixels);
  return { ticks: all.filter((tick) => tick >= from && tick <= to), at: (value) => at(Math.log10(value)) };
}

const line =
  (begin: number, end: number, [from, to]: readonly [number, number]) =>
  (value: number): number =>
    from + ((value - begin) / (end - begin)) * (to - from);

/** The smallest of 1, 2, 5, 10 times a power of ten that is at least `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Lowest and highest finite value; `[Infinity, -Infinity]` where there is none. */
export function range(values: Iterable<number>): readonly [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
