/** Growing where the number of leaves is limited: the node with the largest decrease is divided first. */
import { TreeBuilder } from '../tree/tree-builder.ts';
import { Candidates } from './candidates.ts';
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
  const waiting = new Candidates();
  const leftOf: number[] = [];
  const enter = (open: Open): number => {
    const node = tree.add();
    // Which features are constant is handed down from parent to child in one list, which holds while trees grow depth first alone.
    open.constants = 0;
    const split = look(open);
    if (split) waiting.add({ node, open, split });
    else leaf(node, open);
    return node;
  };
  enter(root);
  for (let leaves = 1; leaves < maxLeafNodes; leaves++) {
    const first = waiting.take();
    if (first === undefined) break;
    const { node, open, split } = first;
    leftOf[node] = enter(divide(node, open, split));
    // Entered before it is written down: the tree may have moved to longer arrays.
    const right = enter(open);
    tree.right[node] = right;
  }
  for (const { node, open } of waiting.rest()) leaf(node, open);
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
