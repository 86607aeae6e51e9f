/** Growing where the number of leaves is limited: the node with the largest decrease is divided first. */
import { TreeBuilder } from '../tree/tree-builder.ts';
import type { Open, Split } from './split-finder.ts';

export interface Steps {
  look(open: Open): Split | undefined;
  leaf(node: number, open: Open): void;
  /** Gives the left child; the node in hand becomes the right one. */
  divide(node: number, open: Open, split: Split): Open;
}

/** Divides nodes until there are enough leaves; gives a builder that holds them in preorder. */
export function growBestFirst(
  tree: TreeBuilder,
  root: Open,
  maxLeafNodes: number,
  { look, leaf, divide }: Steps,
): TreeBuilder {
  interface Candidate {
    readonly node: number;
    readonly open: Open;
    readonly split: Split;
  }
  const waiting: Candidate[] = [];
  const leftOf: number[] = [];
  const enter = (open: Open): number => {
    const node = tree.add();
    const split = look(open);
    if (split) waiting.push({ node, open, split });
    else leaf(node, open);
    return node;
  };
  enter(root);
  for (let leaves = 1; leaves < maxLeafNodes && waiting.length > 0; leaves++) {
    let at = 0;
    for (let i = 1; i < waiting.length; i++)
      if ((waiting[i] as Candidate).split.decrease > (waiting[at] as Candidate).split.decrease) at = i;
    const [{ node, open, split }] = waiting.splice(at, 1) as [Candidate];
    leftOf[node] = enter(divide(node, open, split));
    // Entered before it is written down: the tree may have moved to longer arrays.
    const right = enter(open);
    tree.right[node] = right;
  }
  for (const { node, open } of waiting) leaf(node, open);
  const ordered = new TreeBuilder(tree.thresholds.length > 0);
  ordered.sets.push(...tree.sets);
  const stack: (readonly [node: number, rightOf: number])[] = [[0, -1]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [from, rightOf] = next;
    const to = ordered.add();
    if (rightOf >= 0) ordered.right[rightOf] = to;
    ordered.feature[to] = tree.feature[from] as number;
    ordered.cut[to] = tree.cut[from] as number;
    if (tree.thresholds.length > 0) ordered.thresholds[to] = tree.thresholds[from] as number;
    if ((tree.feature[from] as number) >= 0) stack.push([tree.right[from] as number, to], [leftOf[from] as number, -1]);
  }
  return ordered;
}
