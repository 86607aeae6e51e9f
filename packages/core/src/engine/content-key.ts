/** Text that is equal for equal contents: keys of caches. */

/** JSON has one word for NaN and the infinities. */
const apart = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value;

/** Plain data as text, with NaN and the infinities told apart. */
export function contentKey(value: object): string {
  const text = JSON.stringify(value);
  return text.includes('null') ? JSON.stringify(value, apart) : text; // the slow way only where it matters
}
