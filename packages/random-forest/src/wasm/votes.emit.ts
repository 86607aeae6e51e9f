/**
 * Counting out-of-bag votes, as out-of-bag/class-votes.ts and number-votes.ts do, in WebAssembly: the same sums in the same order.
 * The first words of the votes, `voteTotals`, say how many rows have been judged, and how many rightly.
 */
import {
  constant,
  type FunctionBuilder,
  f64,
  i32,
  type Local,
  select,
  type Value,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { voteTotals } from './header.ts';
import type { Variant } from './variant.ts';

type I32 = Value<'i32'>;

/** Where the votes begin, and those of a tree: the rows that it judges, and the leaf of each. */
const given = { totals: 'i32', rows: 'i32', leaves: 'i32', count: 'i32' } as const;

export function emitVotes(m: WasmModule, { target }: Variant): void {
  if (target === 'number') emitNumberVotes(m);
  else {
    if (target === 'binary') emitBinaryVotes(m);
    else emitClassVotes(m);
    emitAnswers(m, target);
  }
}

const classParameters = { ...given, labels: 'i32', counts: 'i32', answers: 'i32', classes: 'i32' } as const;

/** Two classes: both counts of a row are a word, which says what the answer is. */
function emitBinaryVotes(m: WasmModule): void {
  m.function('voteClasses', { parameters: classParameters }, (f, { labels, counts, ...votes }) => {
    const { totals } = votes;
    const judged = f.let(i32.load(totals, voteTotals.judged));
    const right = f.let(i32.load(totals, voteTotals.right));
    eachVote(f, votes, (row, leaf) => {
      const own = f.let(counts.add(row.shl(2)));
      const before = f.let(i32.load(own));
      const now = f.let(before.add(constant('i32', 1).shl(leaf.shl(4))));
      f.i32.store(own, now);
      // Nobody can foresee the answer: no branch to mispredict.
      const label = f.let(i32.load16_u(labels.add(row.shl(1))));
      judged.set(judged.add(before.eqz()));
      const wasRight = before.ne(0).and(binaryAnswer(before).eq(label));
      right.set(right.add(binaryAnswer(now).eq(label)).sub(wasRight));
    });
    f.i32.store(totals, judged, voteTotals.judged);
    f.i32.store(totals, right, voteTotals.right);
  });
}

const binaryAnswer = (both: Local<'i32'>): I32 => both.shr_u(16).gt_u(both.and(0xffff));

/** `answers` keeps of each row its class by the votes so far, the first of equal ones, plus 1; 0: by none. */
function emitClassVotes(m: WasmModule): void {
  m.function('voteClasses', { parameters: classParameters }, (f, { labels, counts, answers, classes, ...votes }) => {
    const { totals } = votes;
    const judged = f.let(i32.load(totals, voteTotals.judged));
    const right = f.let(i32.load(totals, voteTotals.right));
    eachVote(f, votes, (row, leaf) => {
      const first = f.let(row.mul(classes));
      const count = (code: I32): I32 => counts.add(first.add(code).shl(1));
      const own = f.let(count(leaf));
      const gained = f.let(i32.load16_u(own).add(1));
      f.i32.store16(own, gained);
      // One class has gained, so it or the answer so far has the most.
      const answerAt = f.let(answers.add(row.shl(1)));
      const answer = f.let(i32.load16_u(answerAt).sub(1));
      f.if(answer.ne(leaf), () => {
        const most = f.local('i32');
        f.if(
          answer.lt_s(0),
          () => judged.set(judged.add(1)),
          () => most.set(i32.load16_u(f.let(count(answer)))),
        );
        f.if(gained.gt_s(most).or(gained.eq(most).and(leaf.lt_s(answer))), () => {
          const label = f.let(i32.load16_u(labels.add(row.shl(1))));
          right.set(right.add(label.eq(leaf)).sub(label.eq(answer)));
          f.i32.store16(answerAt, leaf.add(1));
        });
      });
    });
    f.i32.store(totals, judged, voteTotals.judged);
    f.i32.store(totals, right, voteTotals.right);
  });
}

/**
 * Writes the answer for each row to `to`; of one that nobody has judged the most frequent class, the first of equal ones. `room` is
 * for a count a class.
 */
function emitAnswers(m: WasmModule, target: 'binary' | 'classes'): void {
  const parameters = {
    rows: 'i32',
    labels: 'i32',
    counts: 'i32',
    answers: 'i32',
    classes: 'i32',
    room: 'i32',
    to: 'i32',
  } as const;
  m.function('answer', { parameters }, (f, { rows, labels, counts, answers, classes, room, to }) => {
    f.memory.fill(room, 0, classes.shl(2));
    f.loop(0, rows.shl(1), 2, (i) => {
      const own = f.let(room.add(i32.load16_u(labels.add(i)).shl(2)));
      f.i32.store(own, i32.load(own).add(1));
    });
    const [guess, most] = [f.local('i32'), f.local('i32')];
    f.loop(0, classes, (k) => {
      const count = f.let(i32.load(room.add(k.shl(2))));
      f.if(count.gt_s(most), () => {
        most.set(count);
        guess.set(k);
      });
    });
    f.loop(0, rows.shl(1), 2, (i) => {
      const own = f.let(target === 'binary' ? i32.load(counts.add(i.shl(1))) : i32.load16_u(answers.add(i)));
      f.i32.store16(to.add(i), select(own, target === 'binary' ? binaryAnswer(own) : own.sub(1), guess));
    });
  });
}

function emitNumberVotes(m: WasmModule): void {
  m.function(
    'voteNumbers',
    { parameters: { ...given, judges: 'i32', sums: 'i32', values: 'i32' } },
    (f, { judges, sums, values, ...votes }) => {
      const { totals } = votes;
      const judged = f.let(i32.load(totals, voteTotals.judged));
      eachVote(f, votes, (row, leaf) => {
        const judgesOf = f.let(judges.add(row.shl(2)));
        const before = f.let(i32.load(judgesOf));
        f.i32.store(judgesOf, before.add(1));
        judged.set(judged.add(before.eqz()));
        const own = f.let(sums.add(row.shl(3)));
        f.f64.store(own, f64.load(own).add(f64.load(values.add(leaf.shl(3)))));
      });
      f.i32.store(totals, judged, voteTotals.judged);
    },
  );
  // R² over the rows that have been judged.
  m.function(
    'scoreNumbers',
    { parameters: { totals: 'i32', rows: 'i32', judges: 'i32', sums: 'i32', targets: 'i32' }, result: 'f64' },
    (f, { totals, rows, judges, sums, targets }) => {
      const [mean, error, spread] = [f.local('f64'), f.local('f64'), f.local('f64')];
      const eachJudged = (body: (target: Local<'f64'>, row: I32, count: Local<'i32'>) => void): void =>
        f.loop(0, rows, (row) => {
          const count = f.let(i32.load(judges.add(row.shl(2))));
          f.if(count, () => body(f.let(f64.load(targets.add(row.shl(3)))), row, count));
        });
      eachJudged((target) => mean.set(mean.add(target)));
      mean.set(mean.div(f64.convert_i32_s(i32.load(totals, voteTotals.judged))));
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

/** Each vote of a tree. */
function eachVote(
  f: FunctionBuilder,
  { rows, leaves, count }: Readonly<Record<'rows' | 'leaves' | 'count', I32>>,
  body: (row: Local<'i32'>, leaf: Local<'i32'>) => void,
): void {
  f.loop(0, count.shl(2), 4, (i) => body(f.let(i32.load(rows.add(i))), f.let(i32.load(leaves.add(i)))));
}
