/** Cross-validation: every row is held out exactly once. */
import { hostKey, permutation } from '@dendrite/random';
import { type DataSource, DendriteError, type Label } from '@dendrite/spec';

/**
 * The source in `folds` pairs: a part to train on, and the rest held out. Each row is held out in exactly one pair; where
 * the source has labels, each class is dealt evenly (to within one row a fold).
 * @param options.folds  from 2 to the number of rows, default 5
 * @param options.seed  default 0
 * @throws OPTION  for another number of folds
 * @example
 * import { arraySource, kFold } from '@dendrite/datasets';
 * const source = arraySource({ x: { data: new Float32Array(10), shape: [10, 1] }, targets: new Float32Array(10) });
 * kFold(source, { folds: 5 }).map(({ train, test }) => [train.rows, test.rows]); // five times [8, 2]
 */
export function kFold<T extends Label>(
  source: DataSource<T>,
  options: { readonly folds?: number; readonly seed?: number } = {},
): { readonly train: DataSource<T>; readonly test: DataSource<T> }[] {
  const { folds = 5, seed = 0 } = options;
  const { rows } = source;
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= rows)) {
    throw new DendriteError(
      'OPTION',
      `kFold(): folds must be an integer from 2 to the number of rows (${rows}), got ${folds}. Give more rows or fewer folds.`,
    );
  }
  const foldOf = new Uint32Array(rows);
  dealt(source, seed).forEach((row, turn) => {
    foldOf[row] = turn % folds;
  });
  const all = Uint32Array.from(foldOf, (_, row) => row);
  return Array.from({ length: folds }, (_, fold) => ({
    train: source.select(all.filter((row) => foldOf[row] !== fold)),
    test: source.select(all.filter((row) => foldOf[row] === fold)),
  }));
}

/** All rows in the order in which they are dealt to the folds: shuffled, then class by class where there are labels. */
function dealt<T extends Label>(source: DataSource<T>, seed: number): Uint32Array {
  const order = permutation(hostKey(seed).fork('folds'), source.rows);
  if (source.labels === undefined) return order;
  const codes = source.targets();
  return order.sort((a, b) => (codes[a] ?? 0) - (codes[b] ?? 0)); // stable: shuffled within a class
}
