/** An array of objects as a table: one column a key, its kind told by its first value. */
import { type Cell, type Column, DendriteError, type Table } from '@dendrite/spec';

/**
 * What is read of a row: its own keys, and the getters of its class. The type asks for no more than an object, since an interface has
 * no index signature.
 */
export type Row = Readonly<Record<string, Cell>>;
type Kind = Column['kind'];

export interface TableFromRowsOptions {
  /** Kinds that are known beforehand; needed for columns without any value. */
  readonly kinds?: ReadonlyMap<string, Kind>;
  /** A key to leave out. */
  readonly except?: string;
  /** Named in error texts. Default 'tableFromRows()'. */
  readonly where?: string;
}

/**
 * Numbers stay numbers, strings become codes into their sorted categories, booleans 0 and 1, dates milliseconds since 1970.
 * `null`, `undefined`, `NaN`, an invalid date and an absent key are missing. Rows may be of a class: its getters are columns, its
 * methods are none.
 * @throws DATA  where a column mixes kinds, holds an object, or has no value at all; it names row and column
 * @example
 * import { tableFromRows } from '@dendrite/model';
 * tableFromRows([{ age: 3, pet: 'cat' }, { age: null, pet: 'dog' }]).columns.map((c) => c.kind); // ['number', 'category']
 */
export function tableFromRows(
  objects: readonly object[],
  { kinds, except, where = 'tableFromRows()' }: TableFromRowsOptions = {},
): Table {
  const rows = objects as readonly Row[];
  const names = new Set<string>();
  const prototypes = new Set<unknown>([null, Object.prototype]);
  rows.forEach((row, i) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new DendriteError(
        'DATA',
        `${where}: rows must be objects, got ${show(row)} in row ${i}. Give { column: value, … }.`,
      );
    }
    for (const name of Object.keys(row)) names.add(name);
    // Each prototype is looked at once, with the first row that has it.
    for (let at = Object.getPrototypeOf(row); !prototypes.has(at); at = Object.getPrototypeOf(at)) {
      prototypes.add(at);
      // A getter of the `Object` of every realm, and no column.
      for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
        if (get && name !== '__proto__') names.add(name);
    }
  });
  if (except !== undefined) names.delete(except);
  return {
    '~dendrite': 'table',
    rows: rows.length,
    columns: [...names].flatMap((name) => column(rows, name, kinds?.get(name), where) ?? []),
  };
}

/** Undefined where it holds functions alone. */
function column(rows: readonly Row[], name: string, expected: Kind | undefined, where: string): Column | undefined {
  const first = rows.findIndex((row) => kindOf(row[name]) !== 'missing');
  const kind = first < 0 ? expected : kindOf(rows[first]?.[name]);
  if (kind === undefined) {
    if (rows.some((row) => typeof row[name] === 'function')) return undefined;
    throw new DendriteError(
      'DATA',
      `${where}: column '${name}' must have a value in some row, got none. Leave it out.`,
    );
  }
  if (kind === 'unknown' || kind === 'missing') {
    throw new DendriteError(
      'DATA',
      `${where}: a cell must be a number, string, boolean, Date or null, got ${show(rows[first]?.[name])} in row ${first}, column '${name}'. Convert it, or leave the column out.`,
    );
  }
  const values =
    kind === 'category'
      ? new Int32Array(rows.length)
      : kind === 'boolean'
        ? new Uint8Array(rows.length)
        : new Float64Array(rows.length);
  const missing = new Uint8Array(rows.length);
  const categories = kind === 'category' ? distinct(rows, name) : undefined;
  const codes = new Map(categories?.map((category, code) => [category, code]));
  rows.forEach((row, i) => {
    const cell = row[name];
    const found = kindOf(cell);
    if (found === 'missing') missing[i] = 1;
    else if (found !== kind) {
      throw new DendriteError(
        'DATA',
        `${where}: column '${name}' must hold one kind of value, got ${kind} ${show(rows[first]?.[name])} in row ${first} and ${show(cell)} in row ${i}. Convert one of them.`,
      );
    } else values[i] = typeof cell === 'string' ? (codes.get(cell) as number) : Number(cell);
  });
  return { name, kind, values, ...(missing.includes(1) && { missing }), ...(categories && { categories }) };
}

function kindOf(cell: unknown): Kind | 'missing' | 'unknown' {
  if (cell === null || cell === undefined || typeof cell === 'function') return 'missing';
  if (typeof cell === 'number') return Number.isNaN(cell) ? 'missing' : 'number';
  if (typeof cell === 'string') return 'category';
  if (typeof cell === 'boolean') return 'boolean';
  // Not `instanceof`: a date may come from another realm.
  if (Object.prototype.toString.call(cell) === '[object Date]') return Number.isNaN(Number(cell)) ? 'missing' : 'date';
  return 'unknown';
}

/** Sorted by code unit, so they do not depend on the order of rows or on a locale. */
function distinct(rows: readonly Row[], name: string): string[] {
  const found = new Set<string>();
  for (const row of rows) {
    const cell = row[name];
    if (typeof cell === 'string') found.add(cell);
  }
  return [...found].sort();
}

function show(value: unknown): string {
  return typeof value === 'string'
    ? `'${value}'`
    : Array.isArray(value)
      ? 'an array'
      : typeof value === 'object' && value !== null
        ? 'an object'
        : String(value);
}
