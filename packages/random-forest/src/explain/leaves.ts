/** Which leaf of each tree each row ends in. */
import type { Table } from '@dendrite/spec';
import type { Forest } from '../predict/forest.ts';
import { leafFinder } from '../predict/leaf-finder.ts';

/** `[rows, trees]`, numbers of nodes in preorder. */
export async function leavesOfAll(
  forest: Forest,
  tables: AsyncIterable<Table>,
): Promise<{ readonly data: Int32Array; readonly shape: readonly [rows: number, trees: number] }> {
  const { trees } = forest;
  const found: Int32Array[] = [];
  let rows = 0;
  for await (const table of tables) {
    const leaf = leafFinder(forest, table, 'apply()');
    const part = new Int32Array(table.rows * trees.length);
    trees.forEach((tree, t) => {
      for (let row = 0; row < table.rows; row++) part[row * trees.length + t] = leaf(tree, row);
    });
    found.push(part);
    rows += table.rows;
  }
  const data = new Int32Array(rows * trees.length);
  let at = 0;
  for (const part of found) {
    data.set(part, at);
    at += part.length;
  }
  return { data, shape: [rows, trees.length] };
}
