/** The path of one row through one tree: the questions it was asked, and the answer at the end. */
import type { Table } from '@dendrite/spec';
import type { Forest } from '../predict/forest.ts';
import { leafFinder, leafNumber } from '../predict/leaf-finder.ts';
import type { Tree } from '../tree/tree.ts';
import { type Answer, answerOf, type Described, type Question, questionOf } from './tree-data.ts';

export interface Step extends Question {
  /** The row's own: a number, a category, or null where it is missing. */
  readonly value: number | string | null;
  /** Whether the row went left. */
  readonly yes: boolean;
}
export interface Path {
  readonly steps: readonly Step[];
  readonly answer: Answer;
}

/** One path a row of the table, through tree `t`. */
export function pathsOf(forest: Forest, t: number, table: Table, described: Described): Path[] {
  const tree = forest.trees[t] as Tree;
  const leaf = leafFinder(forest, table, 'explain()');
  return Array.from({ length: table.rows }, (_, row) => {
    const nodes = nodesTo(tree, leaf(tree, row));
    const steps = nodes.slice(0, -1).map((node, i): Step => {
      const question = questionOf(tree, node, described);
      const column = table.columns.find(({ name }) => name === question.feature);
      const raw = column?.values[row] ?? Number.NaN;
      const value = column?.missing?.[row]
        ? null
        : column?.kind === 'category'
          ? (column.categories?.[raw] ?? null)
          : raw;
      return { ...question, value, yes: nodes[i + 1] === node + 1 };
    });
    return { steps, answer: answerOf(tree, leafNumber(tree, leaf(tree, row)), described) };
  });
}

/** From the root to a node, both included: in preorder everything before the right child is left. */
function nodesTo({ feature, right }: Tree, target: number): number[] {
  const nodes = [0];
  for (let node = 0; node !== target && (feature[node] as number) >= 0; ) {
    const other = right[node] as number;
    node = target < other ? node + 1 : other;
    nodes.push(node);
  }
  return nodes;
}
