/**
 * Grouped splits for a runtime that compares numbers only: each set of categories that some split asks for becomes a column of
 * its own, 0 where a row goes left and 1 where it goes right.
 */
import { DendriteError } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';
import type { Forest } from '../predict/forest.ts';
import { categoryFlag, featureMask, hasBit, type Tree } from '../tree/tree.ts';

/** The columns that one category column becomes. */
export interface CategoryTable {
  readonly feature: number;
  /** `[categories + 1, columns]`; the last row is for a missing value. */
  readonly sides: Uint8Array;
  readonly columns: number;
}
export interface CategoryColumns {
  readonly tables: readonly CategoryTable[];
  /** Which of its feature's columns a split reads. */
  columnOf(tree: Tree, node: number): number;
}

/** Elements of the tables together; more would be a file of more than half a gigabyte. */
const most = 2 ** 29;

/** @param count  categories of each feature */
export function categoryColumns({ trees, bins }: Forest, count: (feature: number) => number): CategoryColumns {
  /** Of each category feature: the different columns, by their digits. */
  const found = new Map<number, Map<string, number>>();
  bins.forEach(({ kind }, f) => {
    if (kind === 'category') found.set(f, new Map());
  });
  const places = new Map<Tree, Map<number, number>>();
  let elements = 0;
  for (const tree of trees) {
    const own = new Map<number, number>();
    places.set(tree, own);
    tree.feature.forEach((word, node) => {
      if (word < 0 || (word & categoryFlag) === 0) return;
      const f = word & featureMask;
      const columns = found.get(f) ?? new Map<string, number>();
      const digits = sidesOf(tree, tree.cut[node] as number, bins[f] as Bins, count(f));
      const known = columns.get(digits);
      if (known === undefined) elements += digits.length;
      if (elements > most)
        throw new DendriteError(
          'OPTION',
          `toOnnx(): groups of categories must fit into a table of ${most} elements, got more. Train with fewer trees or categories.`,
        );
      const place = known ?? columns.size;
      columns.set(digits, place);
      own.set(node, place);
    });
  }
  const tables = [...found].map(([feature, columns]): CategoryTable => {
    const rows = count(feature) + 1;
    // One column of zeros where no split asks: features are never none.
    const width = Math.max(1, columns.size);
    const sides = new Uint8Array(rows * width);
    for (const [digits, column] of columns)
      for (let row = 0; row < rows; row++) sides[row * width + column] = Number(digits[row]);
    return { feature, sides, columns: width };
  });
  return { tables, columnOf: (tree, node) => places.get(tree)?.get(node) ?? 0 };
}

/** A digit a category, and one for a missing value. */
function sidesOf({ sets }: Tree, set: number, { codes, missing }: Bins, count: number): string {
  const side = (code: number): string => (hasBit(sets, 8 * set, code) ? '0' : '1');
  return Array.from({ length: count }, (_, code) => side(codes?.[code] ?? code)).join('') + side(missing);
}
