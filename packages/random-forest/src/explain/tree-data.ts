/** A tree as nested plain data, which `tree()` of @dendrite/report draws as it is, and as text. */
import type { Label } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';
import type { ColumnInfo } from '../forest/column-info.ts';
import { categoryFlag, classOfLeaf, featureMask, hasBit, missingLeftFlag, type Tree } from '../tree/tree.ts';

/** A node: with children it asks `label`, without it answers it. */
export interface TreeNodeData {
  /** `petal width ≤ 0.8`, `colour is red or blue`; at a leaf the class or the number. */
  readonly label: string;
  readonly feature?: string;
  /** Values up to this one go left. */
  readonly threshold?: number;
  /** These categories go left. */
  readonly categories?: readonly string[];
  /** Where a missing value goes. */
  readonly missing?: 'left' | 'right';
  /** Leaves of classifiers: the share of each class, in the order of `labels`. */
  readonly probabilities?: readonly number[];
  /** Leaves of regressors. */
  readonly value?: number;
  /** Leaves of classifiers: the share of its class, and the number of that class. */
  readonly share?: number;
  readonly color?: number;
  readonly children?: readonly [
    { readonly edge: 'yes'; readonly node: TreeNodeData },
    { readonly edge: 'no'; readonly node: TreeNodeData },
  ];
}
export interface Described {
  readonly bins: readonly Bins[];
  readonly columns: readonly ColumnInfo[];
  readonly labels: readonly Label[];
}
export type Question = Pick<TreeNodeData, 'label' | 'missing'> & { readonly feature: string } & Pick<
    TreeNodeData,
    'threshold' | 'categories'
  >;
export type Answer = Pick<TreeNodeData, 'label' | 'probabilities' | 'value' | 'share' | 'color'>;

export function treeData(tree: Tree, described: Described, node = 0): TreeNodeData {
  const word = tree.feature[node] as number;
  if (word < 0) return answerOf(tree, ~word, described);
  return {
    ...questionOf(tree, node, described),
    children: [
      { edge: 'yes', node: treeData(tree, described, node + 1) },
      { edge: 'no', node: treeData(tree, described, tree.right[node] as number) },
    ],
  };
}

/** One line a node, indented by depth. */
export function treeText(root: TreeNodeData, indent = ''): string {
  if (!root.children) return `${indent}→ ${root.label}`;
  const [yes, no] = root.children;
  return [
    `${indent}${root.label}`,
    treeText(yes.node, `${indent}  `),
    `${indent}else`,
    treeText(no.node, `${indent}  `),
  ].join('\n');
}

export function questionOf(
  { feature, cut, sets, thresholds }: Tree,
  node: number,
  { bins, columns }: Described,
): Question {
  const word = feature[node] as number;
  const f = word & featureMask;
  const { name, categories = [] } = columns[f] ?? { name: `x${f}` };
  const own = bins[f];
  const at = cut[node] as number;
  const base = { feature: name, missing: (word & missingLeftFlag) !== 0 ? 'left' : 'right' } as const;
  if ((word & categoryFlag) !== 0) {
    const left = categories.filter((_, code) => hasBit(sets, 8 * at, own?.codes ? (own.codes[code] as number) : code));
    return {
      ...base,
      missing: hasBit(sets, 8 * at, own?.missing ?? 255) ? 'left' : 'right',
      label: `${name} is ${left.join(' or ')}`,
      categories: left,
    };
  }
  const threshold = thresholds?.[node] ?? own?.edges[at] ?? Number.POSITIVE_INFINITY;
  return { ...base, label: `${name} ≤ ${Number(threshold.toPrecision(6))}`, threshold };
}

export function answerOf(tree: Tree, leaf: number, { labels }: Described): Answer {
  const classes = labels.length;
  if (classes === 0) {
    const value = tree.values[leaf] as number;
    return { label: String(Number(value.toPrecision(6))), value };
  }
  const color = classOfLeaf(tree, leaf, classes);
  const from = (leaf - classes) * classes;
  const probabilities = labels.map((_, k) => (leaf < classes ? Number(k === leaf) : (tree.values[from + k] as number)));
  return { label: String(labels[color]), probabilities, share: probabilities[color] ?? 0, color };
}
