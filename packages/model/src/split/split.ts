/** Splits of rows by a key: the same key and targets give the same split. */
import { hostKey, permutation } from '@dendrite/random';
import { type DataSource, DendriteError, type HostKey, type Label } from '@dendrite/spec';

/**
 * Indices of the rows to train on and of those held out, both ascending.
 * With `codes`, each class gives its share (largest remainders, so that the total is `round(fraction · rows)`), and a class
 * is never held out whole.
 * @param options.fraction  of rows held out, above 0 and below 1
 * @throws OPTION  for another fraction, or where one part would be empty
 */
export function splitIndices({
  rows,
  fraction,
  key,
  codes,
  where = 'splitIndices()',
}: {
  readonly rows: number;
  readonly fraction: number;
  readonly key: HostKey;
  readonly codes?: ArrayLike<number>;
  readonly where?: string;
}): { readonly train: Uint32Array; readonly held: Uint32Array } {
  if (!(fraction > 0 && fraction < 1))
    throw new DendriteError(
      'OPTION',
      `${where}: the fraction to hold out must be above 0 and below 1, got ${fraction}. Use 0.1 for a tenth.`,
    );
  const isHeld = new Uint8Array(rows);
  const groups = codes ? rowsByCode(codes, rows) : [Uint32Array.from({ length: rows }, (_, i) => i)];
  const shares = heldCounts(
    groups.map((group) => group.length),
    fraction,
    rows,
    codes !== undefined,
  );
  groups.forEach((group, code) => {
    const order = permutation(key.fork(code), group.length);
    for (let i = 0; i < (shares[code] ?? 0); i++) isHeld[group[order[i] as number] as number] = 1;
  });
  const held = where1(isHeld, 1);
  const train = where1(isHeld, 0);
  if (held.length === 0 || train.length === 0)
    throw new DendriteError(
      'OPTION',
      `${where}: holding out ${fraction} of ${rows} rows must leave rows in both parts, got ${train.length} to train on and ${held.length} held out. Give more rows or another fraction.`,
    );
  return { train, held };
}

/**
 * A source in two, each class with its share in both (plain shuffling where there are no labels).
 * @param options.fraction  of rows in `test`
 * @param options.seed  default 0
 * @example
 * import { arraySource, stratifiedSplit } from '@dendrite/model';
 * const source = arraySource({ x: { data: new Float32Array(20), shape: [20, 1] }, targets: Array.from({ length: 20 }, (_, i) => i % 2), labels: ['a', 'b'] });
 * stratifiedSplit(source, { fraction: 0.2 }).test.rows; // 4, two of each class
 */
export function stratifiedSplit<T extends Label>(
  source: DataSource<T>,
  { fraction, seed = 0 }: { readonly fraction: number; readonly seed?: number },
): { readonly train: DataSource<T>; readonly test: DataSource<T> } {
  const { train, held } = splitIndices({
    rows: source.rows,
    fraction,
    key: hostKey(seed).fork('split'),
    where: 'stratifiedSplit()',
    ...(source.labels && { codes: source.targets() }),
  });
  return { train: source.select(train), test: source.select(held) };
}

function rowsByCode(codes: ArrayLike<number>, rows: number): Uint32Array[] {
  const counts: number[] = [];
  for (let i = 0; i < rows; i++) counts[codes[i] as number] = (counts[codes[i] as number] ?? 0) + 1;
  const groups = Array.from(counts, (count) => new Uint32Array(count ?? 0));
  const filled = new Uint32Array(groups.length);
  for (let i = 0; i < rows; i++) {
    const code = codes[i] as number;
    const at = filled[code] as number;
    filled[code] = at + 1;
    const group = groups[code];
    if (group) group[at] = i;
  }
  return groups;
}

/** How many rows each class gives: floors first, then one more to the largest remainders (the first of equal ones). */
function heldCounts(sizes: readonly number[], fraction: number, rows: number, keepOne: boolean): number[] {
  const most = sizes.map((size) => (keepOne ? Math.max(0, size - 1) : size));
  const counts = sizes.map((size, i) => Math.min(most[i] as number, Math.floor(size * fraction)));
  const order = sizes
    .map((size, i) => ({ i, remainder: size * fraction - Math.floor(size * fraction) }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  let left = Math.round(rows * fraction) - counts.reduce((sum, count) => sum + count, 0);
  for (const { i } of order) {
    if (left <= 0) break;
    if ((counts[i] as number) >= (most[i] as number)) continue;
    counts[i] = (counts[i] as number) + 1;
    left--;
  }
  return counts;
}

function where1(flags: Uint8Array, flag: 0 | 1): Uint32Array {
  const found = new Uint32Array(flags.reduce((sum, f) => sum + (f === flag ? 1 : 0), 0));
  let at = 0;
  flags.forEach((f, i) => {
    if (f === flag) found[at++] = i;
  });
  return found;
}
