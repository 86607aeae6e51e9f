/**
 * Counting out-of-bag votes, as out-of-bag/class-votes.ts and number-votes.ts do, in WebAssembly: the same sums in the same order.
 * The first words of the memory, `voteTotals`, say how many rows have been judged, and how many rightly.
 */
import { type FunctionBuilder, f64, i32, type Local, type Value, type WasmModule } from '@dendrite/wasm-assembler';
import { nobody } from '../out-of-bag/answers.ts';
import { voteTotals } from './header.ts';
import type { Variant } from './variant.ts';

type I32 = Value<'i32'>;

/** A tree's votes: the rows that it judges, and the leaf of each. */
const votes = { rows: 'i32', leaves: 'i32', count: 'i32', judges: 'i32' } as const;

export function emitVotes(m: WasmModule, { target }: Variant): void {
  if (target === 'number') emitNumberVotes(m);
  else emitClassVotes(m);
}

function emitClassVotes(m: WasmModule): void {
  m.function(
    'voteClasses',
    { parameters: { ...votes, counts: 'i32', answers: 'i32', targets: 'i32', classes: 'i32' } },
    (f, { counts, answers, targets, classes, ...judged }) => {
      const right = f.let(i32.load(0, voteTotals.right));
      eachVote(f, judged, (row, leaf) => {
        const first = f.let(row.mul(classes));
        const count = (label: I32): I32 => counts.add(first.add(label).shl(1));
        const own = f.let(count(leaf));
        const gained = f.let(i32.load16_u(own).add(1));
        f.i32.store16(own, gained);
        // One class has gained, so it or the answer so far has the most.
        const answerAt = f.let(answers.add(row.shl(1)));
        const answer = f.let(i32.load16_u(answerAt));
        f.if(answer.ne(leaf), () => {
          const most = f.local('i32');
          f.if(answer.ne(nobody), () => most.set(i32.load16_u(f.let(count(answer)))));
          f.if(gained.gt_s(most).or(gained.eq(most).and(leaf.lt_s(answer))), () => {
            const target = f.let(i32.load16_u(targets.add(row.shl(1))));
            right.set(right.add(target.eq(leaf)).sub(target.eq(answer)));
            f.i32.store16(answerAt, leaf);
          });
        });
      });
      f.i32.store(0, right, voteTotals.right);
    },
  );
}

function emitNumberVotes(m: WasmModule): void {
  m.function(
    'voteNumbers',
    { parameters: { ...votes, sums: 'i32', values: 'i32' } },
    (f, { sums, values, ...judged }) =>
      eachVote(f, judged, (row, leaf) => {
        const own = f.let(sums.add(row.shl(3)));
        f.f64.store(own, f64.load(own).add(f64.load(values.add(leaf.shl(3)))));
      }),
  );
  // R² over the rows that have been judged.
  m.function(
    'scoreNumbers',
    { parameters: { rows: 'i32', judges: 'i32', sums: 'i32', targets: 'i32' }, result: 'f64' },
    (f, { rows, judges, sums, targets }) => {
      const [mean, error, spread] = [f.local('f64'), f.local('f64'), f.local('f64')];
      const eachJudged = (body: (target: Local<'f64'>, row: I32, count: Local<'i32'>) => void): void =>
        f.loop(0, rows, (row) => {
          const count = f.let(i32.load(judges.add(row.shl(2))));
          f.if(count, () => body(f.let(f64.load(targets.add(row.shl(3)))), row, count));
        });
      eachJudged((target) => mean.set(mean.add(target)));
      mean.set(mean.div(f64.convert_i32_s(i32.load(0, voteTotals.judged))));
      eachJudged((target, row, count) => {
        const wrong = f.let(
          f64
            .load(sums.add(row.shl(3)))
            .div(f64.convert_i32_s(count))
            .sub(target),
        );
        error.set(error.add(wrong.mul(wrong)));
        const apart = f.let(mean.sub(target));
        spread.set(spread.add(apart.mul(apart)));
      });
      return f64.sub(1, error.div(spread));
    },
  );
}

/** Each vote of a tree, counted in `judges`. */
function eachVote(
  f: FunctionBuilder,
  { rows, leaves, count, judges }: Readonly<Record<keyof typeof votes, I32>>,
  body: (row: Local<'i32'>, leaf: Local<'i32'>) => void,
): void {
  const judged = f.let(i32.load(0, voteTotals.judged));
  f.loop(0, count.shl(2), 4, (i) => {
    const row = f.let(i32.load(rows.add(i)));
    const own = f.let(judges.add(row.shl(2)));
    const before = f.let(i32.load(own));
    f.i32.store(own, before.add(1));
    judged.set(judged.add(before.eqz()));
    body(row, f.let(i32.load(leaves.add(i))));
  });
  f.i32.store(0, judged, voteTotals.judged);
}
