/** JSON that comes back as it was: nothing is dropped or turned into `null` on the way, and −0 stays −0. */
import { DendriteError, type Json } from '@dendrite/spec';
import { isUnsafeName, MAX_DEPTH } from './limits.ts';

/**
 * The text of a value, without white space.
 * @param what  What the value is, for messages: `'header.config'`
 * @throws OPTION  if the value holds NaN, an infinity, undefined, a function, a class instance or a reserved name, or nests too deeply
 */
export function writeJson(value: Json, what: string, depth = 0): string {
  if (depth > MAX_DEPTH) throw refuse(what, `more than ${MAX_DEPTH} levels`);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(what, String(value));
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) {
    // Array.from, because map leaves out the holes of a sparse array.
    return `[${Array.from(value, (item: Json, i) => writeJson(item, `${what}[${i}]`, depth + 1)).join(',')}]`;
  }
  if (typeof value !== 'object') throw refuse(what, typeof value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(what, 'an instance of a class');
  const entries = Object.entries(value).map(([name, item]) => {
    if (isUnsafeName(name)) throw refuse(what, `the reserved name ${JSON.stringify(name)}`);
    return `${JSON.stringify(name)}:${writeJson(item, `${what}.${name}`, depth + 1)}`;
  });
  return `{${entries.join(',')}}`;
}

function refuse(what: string, got: string): DendriteError {
  return new DendriteError(
    'OPTION',
    `toBytes(): ${what} must be JSON (finite numbers, texts, booleans, null, arrays and plain objects), got ${got}. Leave it out, or save it as an array.`,
  );
}
