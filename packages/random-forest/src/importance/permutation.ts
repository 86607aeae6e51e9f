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

/**
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
  const workspace = training?.trainer.workspace;
  if (!workspace || !settings.bootstrap || training.firstTree > 0)
    throw new DendriteError(
      'OPTION',
      `importance(): 'permutation' must have the training data and rows out of bag, got ${settings.bootstrap ? 'a model that was loaded, continued, or grown by another library' : 'bootstrap: false'}. Ask right after fit, or use 'impurity'.`,
    );
  const { trainer } = training;
  const { codes, drawn, rows, features } = workspace;
  const { trees, classes } = forest;
  const key = training.key.fork('importance');
  const { bins, targets } = trainer;
  const found = new Float64Array(features);
  const leafWith = ({ feature, cut, right, sets }: Tree, row: number, shuffled: number, other: number): number => {
    let node = 0;
    let word = feature[0] as number;
    while (word >= 0) {
      const f = word & featureMask;
      const code = codes[f * rows + (f === shuffled ? other : row)] as number;
      node = goesLeft(word, code, cut[node] as number, sets, bins[f]?.missing ?? -1)
        ? node + 1
        : (right[node] as number);
      word = feature[node] as number;
    }
    return ~word;
  };
  const fault = (tree: Tree, row: number, leaf: number): number => {
    const target = targets[row] as number;
    if (classes === 0) return ((tree.values[leaf] as number) - target) ** 2;
    return Number(classOfLeaf(tree, leaf, classes) !== target);
  };
  trees.forEach((tree, t) => {
    drawBag(drawn, trainer.draws, seededStream(trainer.seeds(t).bag));
    const judged = Array.from({ length: rows }, (_, row) => row).filter((row) => drawn[row] === 0);
    if (judged.length === 0) return;
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
      found[f] = (found[f] as number) + (worse - plain) / judged.length / trees.length;
    }
  });
  return found;
}
