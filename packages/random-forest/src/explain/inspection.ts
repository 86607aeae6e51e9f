/** Looking into a fitted forest: its trees in words, and the ways that rows take. Loaded when somebody first does. */
import type { ExtendInfo } from '@dendrite/model';
import { type Capabilities, DendriteError } from '@dendrite/spec';
import type { CoreParts } from '../forest/core.ts';
import type { ForestMembers } from '../forest/define-forest.ts';
import type { Tree } from '../tree/tree.ts';
import { leavesOfAll } from './leaves.ts';
import { type Path, pathsOf } from './path.ts';
import { type TreeNodeData, treeData, treeText } from './tree-data.ts';

export type Inspected = Pick<ExtendInfo<Capabilities & { readonly data: 'columns' }>, 'labels' | 'encode'>;

export function inspection(
  { forest, columns }: CoreParts,
  { labels, encode }: Inspected,
): Pick<ForestMembers, 'tree' | 'text' | 'apply' | 'explain'> {
  const described = { bins: forest.bins, columns, labels };
  const treeOf = (i: number, where: string): Tree => {
    const tree = forest.trees[i];
    if (tree === undefined)
      throw new DendriteError('OPTION', `${where}: the tree must be from 0 to ${forest.trees.length - 1}, got ${i}.`);
    return tree;
  };
  const dataOf = (i: number, where: string): TreeNodeData => treeData(treeOf(i, where), described);
  return {
    tree: async (i) => dataOf(i, 'tree()'),
    text: async (i) => treeText(dataOf(i, 'text()')),
    apply: (x) => leavesOfAll(forest, encode(x, 'apply()')),
    async explain(x, options = {}) {
      const { tree = 0, ...unknown } = options;
      const [name] = Object.keys(unknown);
      if (name !== undefined) throw new DendriteError('OPTION', `explain(): an option must be 'tree', got '${name}'.`);
      treeOf(tree, 'explain()');
      const paths: Path[] = [];
      for await (const table of encode(x, 'explain()')) paths.push(...pathsOf(forest, tree, table, described));
      return paths;
    },
  };
}
