/**
 * Permutation importance: by how much a tree's out-of-bag rows are judged worse when one feature's values are shuffled
 * among them, on average over the trees. Accuracy for classes, mean squared error for numbers.
 * @source Breiman: Random forests (2001), section 10
 */
import { DendriteError } from '@dendrite/spec';
import type { CoreParts } from '../forest/core.ts';
import { drawBag } from '../grow/bag.ts';
import { goesLeft } from '../predict/walk.ts';
import { seededStream, stream } from '../stream/stream.ts';
import { classOfLeaf, featureMask, type Tree } from '../tree/tree.ts';
import { inColumns } from '../workspace/groups.ts';

/**
 * Over the trees that were grown here: of those of a model that was gone on from, nobody knows the bags.
 * @throws OPTION  for an unknown kind of importance, and where no row is out of bag any more
 */
export function permutationImportance(
  kind: string,
  { forest, settings }: Pick<CoreParts, 'forest' | 'settings'>,
  training: CoreParts['training'],
): Float64Array {
  if (kind !== 'permutation')
    throw new DendriteError(
      'OPTION',
      `importance(): the kind must be 'impurity' or 'permutation', got '${String(kind)}'. Leave it out for 'impurity'.`,
    );
  const { trees, classes } = forest;
  const grown = training && trees.length - training.firstTree;
  if (!grown || !settings.bootstrap)
    throw new DendriteError(
      'OPTION',
      `importance(): 'permutation' must have the training data and rows out of bag, got ${!settings.bootstrap ? 'bootstrap: false' : training ? 'a model that was gone on from without a new tree' : 'a model that was loaded'}. Ask right after fit, or use 'impurity'.`,
    );
  const { trainer, firstTree } = training;
  const { bins, targets, values } = trainer;
  const codes = trainer.workspace && inColumns(trainer.workspace).codes;
  const rows = targets.length;
  const features = bins.length;
  const drawn = new Uint16Array(rows);
  const key = training.key.fork('importance');
  const found = new Float64Array(features);
  const left = ({ cut, sets, thresholds }: Tree, node: number, word: number, row: number): boolean => {
    const f = word & featureMask;
    if (!codes) return (values?.[row * features + f] as number) <= (thresholds?.[node] as number);
    const code = codes[f * rows + row] as number;
    return goesLeft(word, code, cut[node] as number, sets, bins[f]?.missing ?? -1);
  };
  const leafWith = (tree: Tree, row: number, shuffled: number, other: number): number => {
    const { feature, right } = tree;
    let node = 0;
    let word = feature[0] as number;
    while (word >= 0) {
      const asked = (word & featureMask) === shuffled ? other : row;
      node = left(tree, node, word, asked) ? node + 1 : (right[node] as number);
      word = feature[node] as number;
    }
    return ~word;
  };
  const fault = (tree: Tree, row: number, leaf: number): number => {
    const target = targets[row] as number;
    if (classes === 0) return ((tree.values[leaf] as number) - target) ** 2;
    return Number(classOfLeaf(tree, leaf, classes) !== target);
  };
  for (let t = firstTree; t < trees.length; t++) {
    const tree = trees[t] as Tree;
    drawBag(drawn, trainer.draws, seededStream(trainer.seeds(t).bag), trainer.among);
    const judged = Array.from({ length: rows }, (_, row) => row).filter((row) => drawn[row] === 0);
    if (judged.length === 0) continue;
    const used = new Set(tree.feature.filter((word) => word >= 0).map((word) => word & featureMask));
    const plain = judged.reduce((sum, row) => sum + fault(tree, row, leafWith(tree, row, -1, row)), 0);
    for (const f of used) {
      const order = judged.slice();
      const { below } = stream(key.fork(t).fork(f));
      for (let i = order.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [order[i], order[j]] = [order[j] as number, order[i] as number];
      }
      const worse = judged.reduce(
        (sum, row, i) => sum + fault(tree, row, leafWith(tree, row, f, order[i] as number)),
        0,
      );
      found[f] = (found[f] as number) + (worse - plain) / judged.length / grown;
    }
  }
  return found;
}
