/** The score on data of their own, tree by tree: every row is judged by every tree. Loaded where there are such data. */
import type { ColumnData } from '@dendrite/model';
import { outOfBag, type VoteSettings } from '../out-of-bag/out-of-bag.ts';
import type { Forest } from '../predict/forest.ts';
import { leafFinder, leafNumber } from '../predict/leaf-finder.ts';
import type { Tree } from '../tree/tree.ts';

export async function heldOut(
  { table, targets }: ColumnData,
  forest: Forest,
  settings: VoteSettings,
): Promise<{ add(tree: Tree): Promise<void>; score(): number }> {
  const votes = await outOfBag(targets, settings, {});
  const leaf = leafFinder(forest, table, 'fit() validation');
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  return {
    add: (tree) =>
      votes.add(
        tree,
        all,
        all.map((row) => leafNumber(tree, leaf(tree, row))),
      ),
    score: votes.score,
  };
}
