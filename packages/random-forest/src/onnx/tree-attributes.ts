/** The trees of a forest as the attributes of ONNX's TreeEnsembleRegressor: one entry a node, one a leaf and target. */
import type { OnnxNode } from '@dendrite/onnx';
import type { Forest } from '../predict/forest.ts';
import { categoryFlag, classOfLeaf, featureMask, missingLeftFlag, type Tree } from '../tree/tree.ts';
import type { CategoryColumns } from './category-columns.ts';

export interface TreeLayout {
  /** Of each feature: where its columns begin in what the trees read. */
  readonly starts: readonly number[];
  readonly categories: CategoryColumns;
  /** `'mean'` of the leaves' numbers or class fractions; `'mode'`: one vote a tree; `'median'`: a target a tree, to be sorted. */
  readonly combine: 'mean' | 'mode' | 'median';
}

export function treeAttributes(
  { trees, bins, classes }: Forest,
  { starts, categories, combine }: TreeLayout,
): NonNullable<OnnxNode['attributes']> {
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const ints = (): Int32Array => new Int32Array(nodes);
  const [treeIds, nodeIds, featureIds, yes, no, missing] = [ints(), ints(), ints(), ints(), ints(), ints()];
  const thresholds = new Float64Array(nodes);
  const modes: string[] = [];
  const targets = { trees: [] as number[], nodes: [] as number[], ids: [] as number[], weights: [] as number[] };
  let at = 0;
  trees.forEach((tree, t) => {
    const { feature, cut, right } = tree;
    for (let node = 0; node < feature.length; node++, at++) {
      treeIds[at] = t;
      nodeIds[at] = node;
      const word = feature[node] as number;
      modes.push(word < 0 ? 'LEAF' : 'BRANCH_LEQ');
      if (word < 0) {
        for (const [id, weight] of weightsOf(tree, ~word, classes, combine)) {
          targets.trees.push(t);
          targets.nodes.push(node);
          targets.ids.push(combine === 'median' ? t : id);
          targets.weights.push(weight);
        }
        continue;
      }
      const f = word & featureMask;
      const category = (word & categoryFlag) !== 0;
      featureIds[at] = (starts[f] as number) + (category ? categories.columnOf(tree, node) : 0);
      thresholds[at] = category
        ? 0.5
        : (tree.thresholds?.[node] ?? bins[f]?.edges[cut[node] as number] ?? Number.MAX_VALUE);
      missing[at] = Number(!category && (word & missingLeftFlag) !== 0);
      yes[at] = node + 1;
      no[at] = right[node] as number;
    }
  });
  const tensor = (data: Float64Array) => ({ tensor: { shape: [data.length], data } });
  return {
    aggregate_function: { string: combine === 'median' ? 'SUM' : 'AVERAGE' },
    n_targets: { int: combine === 'median' ? trees.length : Math.max(1, classes) },
    nodes_treeids: { ints: treeIds },
    nodes_nodeids: { ints: nodeIds },
    nodes_featureids: { ints: featureIds },
    nodes_modes: { strings: modes },
    nodes_values_as_tensor: tensor(thresholds),
    nodes_truenodeids: { ints: yes },
    nodes_falsenodeids: { ints: no },
    nodes_missing_value_tracks_true: { ints: missing },
    target_treeids: { ints: targets.trees },
    target_nodeids: { ints: targets.nodes },
    target_ids: { ints: targets.ids },
    target_weights_as_tensor: tensor(Float64Array.from(targets.weights)),
  };
}

/** What a leaf adds, by target. */
function weightsOf(
  tree: Tree,
  leaf: number,
  classes: number,
  combine: TreeLayout['combine'],
): readonly (readonly [id: number, weight: number])[] {
  if (classes === 0) return [[0, tree.values[leaf] as number]];
  if (leaf < classes || combine === 'mode') return [[classOfLeaf(tree, leaf, classes), 1]];
  const from = (leaf - classes) * classes;
  const shares = Array.from({ length: classes }, (_, k) => [k, tree.values[from + k] as number] as const);
  return shares.filter(([, share]) => share > 0);
}
