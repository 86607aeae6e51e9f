/** A tree as nested plain data, which `tree()` of @dendrite/report draws as it is, and as text. */
import type { Label } from '@dendrite/spec';
import type { Bins } from '../binning/bins.ts';
import type { ColumnInfo } from '../forest/column-info.ts';
import { categoryFlag, classOfLeaf, featureMask, hasBit, missingLeftFlag, type Tree } from '../tree/tree.ts';
import { thresholdText } from './threshold-text.ts';

/** A node: with children it asks `label`, without it answers it. */
export interface TreeNodeData {
  /** `petal width ≤ 0.8`, `age ≤ 30 or missing`, `colour is red or blue`, `born is known`; at a leaf the class or the number. */
  readonly label: string;
  readonly feature?: string;
  /** Values up to this one go left: dates as milliseconds, booleans as 0 and 1. None where whatever is known goes left. */
  readonly threshold?: number;
  /** Of the categories that may come here, these go left. */
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

/** Of columns that were asked about above a node: the categories that may come to it, by their place in the column's list. */
export type Reach = ReadonlyMap<number, readonly number[]>;
export interface Asked {
  readonly question: Question;
  /** What may come to the left child, and to the right one. */
  readonly yes: Reach;
  readonly no: Reach;
}

/** By lists instead of calls of itself: trees may be thousands of questions deep. */
export function treeData(tree: Tree, described: Described): TreeNodeData {
  const nodes = tree.feature.length;
  const asked: (Question | undefined)[] = new Array(nodes);
  const reaches: (Reach | undefined)[] = new Array(nodes);
  for (let node = 0; node < nodes; node++) {
    if ((tree.feature[node] as number) < 0) continue;
    const { question, yes, no } = questionOf(tree, node, described, reaches[node] ?? new Map());
    asked[node] = question;
    // A node comes before its children, the left one next to it.
    reaches[node + 1] = yes;
    reaches[tree.right[node] as number] = no;
    reaches[node] = undefined;
  }
  const built: TreeNodeData[] = new Array(nodes);
  for (let node = nodes - 1; node >= 0; node--) {
    const question = asked[node];
    built[node] = question
      ? {
          ...question,
          children: [
            { edge: 'yes', node: built[node + 1] as TreeNodeData },
            { edge: 'no', node: built[tree.right[node] as number] as TreeNodeData },
          ],
        }
      : answerOf(tree, ~(tree.feature[node] as number), described);
  }
  return built[0] as TreeNodeData;
}

/** One line a node, indented by depth. */
export function treeText(root: TreeNodeData): string {
  const lines: string[] = [];
  // What is still to be said, last in first out; a text stands for itself.
  const rest: { readonly said: TreeNodeData | string; readonly depth: number }[] = [{ said: root, depth: 0 }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { said, depth } = next;
    const indent = '  '.repeat(depth);
    if (typeof said === 'string') lines.push(`${indent}${said}`);
    else if (!said.children) lines.push(`${indent}→ ${said.label}`);
    else {
      lines.push(`${indent}${said.label}`);
      const [yes, no] = said.children;
      rest.push({ said: no.node, depth: depth + 1 }, { said: 'else', depth }, { said: yes.node, depth: depth + 1 });
    }
  }
  return lines.join('\n');
}

export function questionOf(tree: Tree, node: number, described: Described, reach: Reach): Asked {
  const word = tree.feature[node] as number;
  const f = word & featureMask;
  const column = described.columns[f] ?? { name: `x${f}` };
  if ((word & categoryFlag) !== 0) return categoryQuestion(tree, node, f, column, described.bins[f], reach);
  const missing = (word & missingLeftFlag) !== 0 ? 'left' : 'right';
  const question = {
    feature: column.name,
    missing,
    ...numberQuestion(tree, node, described.bins[f], column, missing === 'left'),
  } as const;
  return { question, yes: reach, no: reach };
}

function numberQuestion(
  { cut, thresholds }: Tree,
  node: number,
  bins: Bins | undefined,
  { name, kind, gaps }: ColumnInfo,
  missingLeft: boolean,
): Pick<Question, 'label' | 'threshold'> {
  const threshold = thresholds?.[node] ?? bins?.edges[cut[node] as number];
  // Whatever is known goes left.
  if (threshold === undefined || threshold === Number.MAX_VALUE) return { label: `${name} is known` };
  const rest = gaps && missingLeft ? ' or missing' : '';
  if (kind === 'boolean') return { label: `${name} is false${rest}`, threshold };
  const text = thresholdText(threshold, bins, thresholds !== undefined, kind === 'date');
  return { label: `${name} ≤ ${text}${rest}`, threshold };
}

function categoryQuestion(
  { cut, sets }: Tree,
  node: number,
  f: number,
  { name, gaps, categories = [] }: ColumnInfo,
  bins: Bins | undefined,
  reach: Reach,
): Asked {
  const goesLeft = (code: number): boolean => hasBit(sets, 8 * (cut[node] as number), code);
  const here = reach.get(f) ?? categories.map((_, code) => code);
  const side = (left: boolean): number[] =>
    here.filter((code) => goesLeft(bins?.codes ? (bins.codes[code] as number) : code) === left);
  const [left, right] = [side(true), side(false)];
  const missingLeft = goesLeft(bins?.missing ?? 255);
  const named = left.map((code) => categories[code] as string);
  const known = right.length === 0 ? 'known' : named.join(' or ');
  const label = left.length === 0 ? 'missing' : gaps && missingLeft ? `${known} or missing` : known;
  return {
    question: {
      feature: name,
      missing: missingLeft ? 'left' : 'right',
      label: `${name} is ${label}`,
      categories: named,
    },
    yes: new Map([...reach, [f, left]]),
    no: new Map([...reach, [f, right]]),
  };
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
