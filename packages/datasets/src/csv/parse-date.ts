/** ISO 8601 dates and times, and nothing else: `Date.parse` reads other texts differently from engine to engine. */

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?)?$/;

/** Milliseconds since 1970 in UTC; undefined for what is no date of the calendar. Without a zone it is taken as UTC. */
export function parseDate(text: string): number | undefined {
  const found = iso.exec(text);
  if (found === null) return undefined;
  const part = (at: number): number => Number(found[at] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined; // 30 February
  if (hour > 23 || minute > 59 || second > 59 || part(10) > 23 || part(11) > 59) return undefined;
  const zone = (found[9] === '-' ? -1 : 1) * (part(10) * 60 + part(11));
  const milliseconds = Math.floor(Number(`0.${found[7] ?? 0}`) * 1000);
  return date.getTime() + ((hour * 60 + minute - zone) * 60 + second) * 1000 + milliseconds;
}
