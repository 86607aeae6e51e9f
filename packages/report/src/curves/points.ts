/** Points of a line: which can be drawn, and how many are enough. */

export type Point = readonly [x: number, y: number];

/** The point, or a break where the scale has no place for it. */
export const drawable = ([x, y]: Point, xScale: 'linear' | 'log', yScale: 'linear' | 'log'): Point =>
  (xScale === 'log' && x <= 0) || (yScale === 'log' && y <= 0) ? [x, Number.NaN] : [x, y];

export const isDrawn = ([x, y]: Point): boolean => Number.isFinite(x) && Number.isFinite(y);

/** At most 1,000 points: of each stretch its lowest and highest, and every break. */
export function thin(points: readonly Point[]): readonly Point[] {
  if (points.length <= 1000) return points;
  const kept: Point[] = [];
  const stretch = points.length / 500;
  for (let i = 0; i < 500; i++) {
    const part = points.slice(Math.floor(i * stretch), Math.floor((i + 1) * stretch));
    const finite = part.filter(isDrawn);
    if (finite.length === 0) kept.push(...part.slice(0, 1));
    const low = finite.reduce<Point | undefined>(
      (best, point) => (best === undefined || point[1] < best[1] ? point : best),
      undefined,
    );
    const high = finite.reduce<Point | undefined>(
      (best, point) => (best === undefined || point[1] > best[1] ? point : best),
      undefined,
    );
    kept.push(...part.filter((point) => point === low || point === high));
  }
  return kept;
}
