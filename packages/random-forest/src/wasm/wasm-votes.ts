/** Out-of-bag votes counted in WebAssembly, in a memory of their own. */
import { answersOf, nobody } from '../out-of-bag/answers.ts';
import { meansOf } from '../out-of-bag/means.ts';
import type { VoteSettings, Votes } from '../out-of-bag/out-of-bag.ts';
import { voteTotals } from './header.ts';

/** The module that has grown the trees, and whether it takes shared memory. */
export interface VoteKernels {
  readonly module: WebAssembly.Module;
  readonly shared: boolean;
}
interface Exports {
  voteClasses(
    rows: number,
    leaves: number,
    count: number,
    judges: number,
    counts: number,
    answers: number,
    targets: number,
    classes: number,
  ): void;
  voteNumbers(rows: number, leaves: number, count: number, judges: number, sums: number, values: number): void;
  scoreNumbers(rows: number, judges: number, sums: number, targets: number): number;
}
const page = 65536;

/** From no votes on; for classes whole votes only. Undefined where there is no room. */
export function wasmVotes(
  { module, shared }: VoteKernels,
  targets: ArrayLike<number>,
  { classes, trees }: VoteSettings,
): Votes | undefined {
  const rows = targets.length;
  let end = 64;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const number = classes === 0;
  const [rowsAt, leavesAt, judgesAt] = [take(4 * rows), take(4 * rows), take(4 * rows)] as const;
  const sumsAt = take(number ? 8 * rows : 2 * rows * classes);
  const answersAt = take(number ? 8 * rows : 2 * rows);
  const targetsAt = take(number ? 8 * rows : 2 * rows);
  const pages = Math.ceil(end / page);
  if (trees > 0xffff || pages > page) return undefined;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  const { buffer } = memory;
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const { voteClasses, voteNumbers, scoreNumbers } = made as Exports;
  const totals = new Int32Array(buffer, 0, 2);
  const judges = new Int32Array(buffer, judgesAt, rows);
  const judged = (): number => totals[voteTotals.judged / 4] as number;
  const put = (judgedRows: Int32Array, leaves: Int32Array): number => {
    new Int32Array(buffer, rowsAt, rows).set(judgedRows);
    new Int32Array(buffer, leavesAt, rows).set(leaves);
    return judgedRows.length;
  };
  if (number) {
    new Float64Array(buffer, targetsAt, rows).set(targets);
    const sums = new Float64Array(buffer, sumsAt, rows);
    const values = new Float64Array(buffer, answersAt, rows);
    return {
      add(tree, judgedRows, leaves) {
        values.set(tree.values);
        voteNumbers(rowsAt, leavesAt, put(judgedRows, leaves), judgesAt, sumsAt, answersAt);
      },
      judged,
      score: () => scoreNumbers(rows, judgesAt, sumsAt, targetsAt),
      predictions: () => meansOf(sums, judges),
      kept: () => ({ judges: Int32Array.from(judges), counts: new Int32Array(0), sums: Float64Array.from(sums) }),
    };
  }
  new Uint16Array(buffer, targetsAt, rows).set(targets);
  const counts = new Uint16Array(buffer, sumsAt, rows * classes);
  const answers = new Uint16Array(buffer, answersAt, rows).fill(nobody);
  return {
    add(_, judgedRows, leaves) {
      const count = put(judgedRows, leaves);
      voteClasses(rowsAt, leavesAt, count, judgesAt, sumsAt, answersAt, targetsAt, classes);
    },
    judged,
    score: () => (totals[voteTotals.right / 4] as number) / judged(),
    predictions: () => answersOf(answers, targets, classes),
    kept: () => ({ judges: Int32Array.from(judges), counts: Int32Array.from(counts), sums: new Float64Array(0) }),
  };
}
