/** The path of one row through one tree: the questions it was asked, and the answer at the end. */
import type { Column, Table } from '@dendrite/spec';
import type { Forest } from '../predict/forest.ts';
import { leafFinder, leafNumber } from '../predict/leaf-finder.ts';
import { featureMask, type Tree } from '../tree/tree.ts';
import { type Answer, answerOf, type Described, type Question, questionOf, type Reach } from './tree-data.ts';

export interface Step extends Question {
  /** The row's own: a number, a category, a boolean or a date, or null where it is missing. */
  readonly value: number | string | boolean | Date | null;
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
  const leafOf = leafFinder(forest, table, 'explain()');
  return Array.from({ length: table.rows }, (_, row) => {
    const leaf = leafOf(tree, row);
    const steps: Step[] = [];
    let reach: Reach = new Map();
    // In preorder everything before the right child is left.
    for (let node = 0; node !== leaf; ) {
      const right = tree.right[node] as number;
      const goesLeft = leaf < right;
      const { question, yes, no } = questionOf(tree, node, described, reach);
      const column = table.columns[(tree.feature[node] as number) & featureMask] as Column;
      steps.push({ ...question, value: cellOf(column, row), yes: goesLeft });
      reach = goesLeft ? yes : no;
      node = goesLeft ? node + 1 : right;
    }
    return { steps, answer: answerOf(tree, leafNumber(tree, leaf), described) };
  });
}

/** As whoever asks knows it. */
function cellOf({ kind, values, missing, categories }: Column, row: number): Step['value'] {
  if (missing?.[row]) return null;
  const value = values[row] as number;
  if (kind === 'category') return categories?.[value] ?? null;
  if (kind === 'boolean') return value !== 0;
  return kind === 'date' ? new Date(value) : value;
}
