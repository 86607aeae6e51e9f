/** Out-of-bag votes counted in WebAssembly, where the trees grow. */
import { meansOf } from '../out-of-bag/means.ts';
import type { Votes } from '../out-of-bag/out-of-bag.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { voteTotals } from './header.ts';

/** The module that grows the trees, and where: with room for votes. What a tree votes is copied to room that growing it took. */
export interface VoteKernels {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly workspace: Workspace;
}
interface Exports {
  voteClasses(
    totals: number,
    rows: number,
    leaves: number,
    count: number,
    labels: number,
    counts: number,
    answers: number,
    classes: number,
  ): void;
  answer(
    rows: number,
    labels: number,
    counts: number,
    answers: number,
    classes: number,
    room: number,
    to: number,
  ): void;
  voteNumbers(
    totals: number,
    rows: number,
    leaves: number,
    count: number,
    judges: number,
    sums: number,
    values: number,
  ): void;
  scoreNumbers(totals: number, rows: number, judges: number, sums: number, targets: number): number;
}

/** Votes are counted in 16 bits; of more trees JavaScript counts them, which is told by no room. */
export const voteBytes = (rows: number, classes: number, trees: number): number =>
  trees > 0xffff ? 0 : voteTotals.end + rows * (classes === 0 ? 8 + 4 : 2 * (classes + 1));

/** From no votes on; for classes whole votes only. */
export function wasmVotes({ module, memory, workspace }: VoteKernels): Votes {
  const { buffer, layout, rows, classes } = workspace;
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const { voteClasses, answer, voteNumbers, scoreNumbers } = made as Exports;
  const { votes, spare, entries, labels, targets } = layout;
  const totals = new Int32Array(buffer, votes, 2);
  const judged = (): number => totals[voteTotals.judged / 4] as number;
  const first = votes + voteTotals.end;
  const leavesAt = spare + 4 * rows;
  const put = (judgedRows: Int32Array, leaves: Int32Array): number => {
    new Int32Array(buffer, spare, rows).set(judgedRows);
    new Int32Array(buffer, leavesAt, rows).set(leaves);
    return judgedRows.length;
  };
  if (classes === 0) {
    const judgesAt = first + 8 * rows;
    const sums = new Float64Array(buffer, first, rows);
    const judges = new Int32Array(buffer, judgesAt, rows);
    return {
      add(tree, judgedRows, leaves) {
        new Float64Array(buffer, entries, rows).set(tree.values);
        voteNumbers(votes, spare, leavesAt, put(judgedRows, leaves), judgesAt, first, entries);
      },
      judged,
      score: () => scoreNumbers(votes, rows, judgesAt, first, targets),
      predictions: () => meansOf(sums, judges),
      kept: () => ({ judges: Int32Array.from(judges), counts: new Int32Array(0), sums: Float64Array.from(sums) }),
    };
  }
  const answersAt = first + 2 * rows * classes;
  const counts = new Uint16Array(buffer, first, rows * classes);
  return {
    add(_, judgedRows, leaves) {
      voteClasses(votes, spare, leavesAt, put(judgedRows, leaves), labels, first, answersAt, classes);
    },
    judged,
    score: () => (totals[voteTotals.right / 4] as number) / judged(),
    predictions() {
      answer(rows, labels, first, answersAt, classes, spare, entries);
      return new Uint16Array(buffer, entries, rows).slice();
    },
    kept() {
      const judges = new Int32Array(rows);
      for (let at = 0; at < counts.length; at++) {
        const row = Math.floor(at / classes);
        judges[row] = (judges[row] as number) + (counts[at] as number);
      }
      return { judges, counts: Int32Array.from(counts), sums: new Float64Array(0) };
    },
  };
}
