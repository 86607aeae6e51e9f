/**
 * Many rows down one tree, four at a time. Where a row goes depends on what it met before, so a row alone mostly waits for memory;
 * the others go on meanwhile. Rows that have arrived go round in their leaf until all have.
 */
import type { Table } from '@dendrite/spec';
import { writeCodes } from '../binning/write-codes.ts';
import { featureMask, type Tree } from '../tree/tree.ts';
import { codesOf, type EachLeaves, type Forest } from './forest.ts';
import { foundLeaves, leafNumber } from './leaf-finder.ts';
import { leafOf } from './walk.ts';

/** Laying out a node takes about a twelfth of what a row gains by it. */
const nodesForRow = 12;

/** The leaves of all rows of a table, as `foundLeaves` finds them. */
export function tableLeaves(forest: Forest, table: Table, where: string): EachLeaves {
  if (forest.exact || forest.bins.some(({ kind }) => kind === 'category')) return foundLeaves(forest, table, where);
  const { codes, plain } = codesOf(forest, table, where, writeCodes);
  return plain ? codedLeaves(forest, codes, table.rows) : foundLeaves(forest, table, where);
}

/** The leaves of rows of plain codes, `[rows, features]`. */
export function codedLeaves({ trees, bins }: Forest, codes: Uint8Array, rows: number): EachLeaves {
  const width = bins.length;
  const coded = { codes, stride: 1, plain: true };
  const leaves = new Int32Array(rows);
  return (take) => {
    let nodes = new Int32Array(0);
    for (const tree of trees) {
      if (tree.feature.length < nodesForRow * rows) {
        nodes = layOut(tree, nodes);
        walkRows(nodes, codes, width, leaves);
      } else
        for (let row = 0; row < rows; row++) leaves[row] = leafNumber(tree, leafOf(tree, coded, row * width, bins));
      take(tree, 0, leaves, 0, rows);
    }
  };
}

/** Words of a node: what it asks, `feature · 256 + cut`; where its children begin. A leaf is its own left child, and has its number. */
const words = 3;
/** What a leaf asks: no code is above this cut. */
const always = 255;

/** Lays out a tree in `room`, or in more where that is too small. */
function layOut({ feature, cut, right }: Tree, room: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const size = words * feature.length;
  const nodes = room.length < size ? new Int32Array(size) : room;
  for (let node = 0, at = 0; at < size; node++, at += words) {
    const word = feature[node] as number;
    const leaf = word < 0;
    nodes[at] = leaf ? always : ((word & featureMask) << 8) | (cut[node] as number);
    nodes[at + 1] = leaf ? at : at + words;
    nodes[at + 2] = leaf ? ~word : words * (right[node] as number);
  }
  return nodes;
}

/** Writes the number of each row's leaf. @param codes  plain ones, `[rows, width]` */
function walkRows(nodes: Int32Array, codes: Uint8Array, width: number, leaves: Int32Array): void {
  const last = leaves.length - 1;
  for (let row = 0; row <= last; row += 4) {
    // At the end the last row goes several times.
    const [row1, row2, row3] = [Math.min(row + 1, last), Math.min(row + 2, last), Math.min(row + 3, last)];
    const [at0, at1, at2, at3] = [row * width, row1 * width, row2 * width, row3 * width];
    let [node0, node1, node2, node3] = [0, 0, 0, 0];
    for (let moved = 1; moved !== 0; ) {
      const next0 = below(nodes, node0, codes, at0);
      const next1 = below(nodes, node1, codes, at1);
      const next2 = below(nodes, node2, codes, at2);
      const next3 = below(nodes, node3, codes, at3);
      moved = (next0 - node0) | (next1 - node1) | (next2 - node2) | (next3 - node3);
      node0 = next0;
      node1 = next1;
      node2 = next2;
      node3 = next3;
    }
    leaves[row] = nodes[node0 + 2] as number;
    leaves[row1] = nodes[node1 + 2] as number;
    leaves[row2] = nodes[node2 + 2] as number;
    leaves[row3] = nodes[node3 + 2] as number;
  }
}

/** The child, chosen by the sign of a difference: either way is as likely as the other, and a wrongly foreseen branch costs more. */
function below(nodes: Int32Array, node: number, codes: Uint8Array, at: number): number {
  const asks = nodes[node] as number;
  const goesRight = ((asks & 255) - (codes[at + (asks >>> 8)] as number)) >>> 31;
  return nodes[node + 1 + goesRight] as number;
}
