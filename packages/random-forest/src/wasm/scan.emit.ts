/**
 * Looking for the best cut of a feature in a node, as WebAssembly: rows are added into a histogram, then a walk over the bins
 * compares all cuts by the products of numerators and denominators, as kernels/js-kernels.ts does; hence the same bits.
 *
 * In small nodes each filled bin is marked and the marks are walked: a bit a bin in the smallest nodes; then a byte a bin, since
 * bits of one word make a row wait for the one before. With many classes a bin is then a chain of its rows, mostly one. In
 * large nodes most bins are filled, and all are walked: an empty one repeats the cut before it, which is not better.
 * Long: the ways share one layout of bins.
 */
import {
  type Callable,
  type FunctionBuilder,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  type Local,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { markBytes, offsetOf, reals, type Word } from './header.ts';
import type { Variant } from './variant.ts';

export type I32 = Value<'i32'>;
type F64 = Value<'f64'>;
export const word = (own: I32, name: Word): I32 => i32.load(own, offsetOf(name));
/** `own`: a plot; the code of a row is the byte at `base + row · stride`. */
const range = { own: 'i32', base: 'i32', stride: 'i32', begin: 'i32', end: 'i32' } as const;
export type Scan = Callable<typeof range, 'f64'>;

interface Given {
  readonly own: I32;
  readonly base: I32;
  readonly stride: I32;
  readonly begin: I32;
  readonly end: I32;
}
/** How bins of a kind are filled and read. Walks call `add` for bin after bin, then `cut` for the cut behind it. */
interface BinKind {
  /** Bytes of a bin; known when it runs, where there is a register. */
  readonly bytes: number | Local<'i32'>;
  /** Adds a row, whose entry stands at `at`. */
  fill(bin: I32, entry: Local<'i64'>, row: I32, at: I32): void;
  isFilled(bin: I32): I32;
  /** Adds a bin to what lies left of the cut, and empties it. */
  add(bin: I32): void;
  /** Numerator and denominator of the gain. */
  cut(): { readonly numerator: F64; readonly denominator: F64 };
  /** This is the best so far. */
  keep(): void;
  /** Writes what lies left of the best cut to `left`. */
  store(): void;
}
/** Nodes up to here mark bits, up to there bytes. */
const fewRows = 12;
const manyRows = 160;
const bins = 256;
const tagOf = (entry: Value<'i64'>): I32 => i32.wrap_i64(entry.shr_u(32));

/**
 * Each gives the gain, or −1 where all rows have one code; the cut is in the header, its left side in `left`. The first is for
 * nodes of any weight that the variant meets, or, where there is a second, for those too light to overflow its halves of a word.
 */
export function emitScans(m: WasmModule, { target, vectors, heavy }: Variant): readonly Scan[] {
  type KindOf = (f: FunctionBuilder, given: Given) => BinKind;
  const scan = (name: string, large: KindOf, small = large): Scan =>
    m.function(name, { parameters: range, result: 'f64', exported: false }, (f, given) =>
      scanBins(f, given, large, small),
    );
  if (target === 'number') return [scan('scanNumber', numberBins)];
  if (target === 'binary')
    return [
      scan('scanBinary', (f, { own }) => binaryBins(f, own, false)),
      ...(heavy ? [scan('scanBinaryWide', (f, { own }) => binaryBins(f, own, true))] : []),
    ];
  const many: KindOf = (f, { own }) => manyClassBins(f, own);
  return [
    vectors > 0
      ? scan('scanClasses', (f, { own }) => classBins(f, own, vectors))
      : scan('scanClasses', many, chainBins),
    ...(heavy || vectors === 0 ? [scan('scanClassesWide', many)] : []),
  ];
}

function scanBins(
  f: FunctionBuilder,
  given: Given,
  large: (f: FunctionBuilder, given: Given) => BinKind,
  small: typeof large,
): F64 {
  const { own } = given;
  const histogram = f.let(word(own, 'histogram'));
  const marks = f.let(word(own, 'marks'));
  const bestNumerator = f.local('f64', -1);
  const bestDenominator = f.local('f64', 1);
  const bestBin = f.local('i32');
  const next = f.local('i32');
  const addressIn =
    ({ bytes }: BinKind) =>
    (bin: I32): I32 =>
      histogram.add(
        typeof bytes === 'number' && Number.isInteger(Math.log2(bytes)) ? bin.shl(Math.log2(bytes)) : bin.mul(bytes),
      );
  const consider = (bin: I32, kind: BinKind): void => {
    const { numerator, denominator } = kind.cut();
    f.if(numerator.mul(bestDenominator).gt(bestNumerator.mul(denominator)), () => {
      // The last bin leaves nothing on the right.
      f.if(denominator.gt(0), () => {
        bestNumerator.set(numerator);
        bestDenominator.set(denominator);
        bestBin.set(bin);
        kind.keep();
      });
    });
  };
  f.if(
    given.end.sub(given.begin).gt_s(manyRows),
    () => {
      const kind = large(f, given);
      const { bytes } = kind;
      const addressOf = addressIn(kind);
      eachCode(f, given, (entry, row, code, at) => kind.fill(f.let(addressOf(code)), entry, row, at));
      f.loop(0, bins, (bin) => {
        kind.add(f.let(addressOf(bin)));
        consider(bin, kind);
      });
      next.set(bestBin);
      f.if(bestNumerator.ge(0), () => {
        f.repeat(
          () => next.set(next.add(1)),
          () => kind.isFilled(f.let(addressOf(next))).eqz(),
        );
      });
      f.memory.fill(histogram, 0, typeof bytes === 'number' ? bins * bytes : bytes.mul(bins));
      kind.store();
    },
    () => {
      const kind = small(f, given);
      const addressOf = addressIn(kind);
      f.if(
        given.end.sub(given.begin).gt_s(fewRows),
        () => {
          const touched = f.let(marks.add(markBytes));
          eachCode(f, given, (entry, row, code, at) => {
            f.i32.store8(touched.add(code), -1);
            kind.fill(f.let(addressOf(code)), entry, row, at);
          });
          packMarks(f, marks, touched);
        },
        () =>
          eachCode(f, given, (entry, row, code, at) => {
            const mark = f.let(marks.add(code.shr_u(6).shl(3)));
            f.i64.store(mark, i64.load(mark).or(i64.shl(1, i64.extend_i32_u(code))));
            kind.fill(f.let(addressOf(code)), entry, row, at);
          }),
      );
      f.loop(0, 4, (group) => {
        const bits = f.let(i64.load(marks.add(group.shl(3))));
        const first = f.let(group.shl(6));
        f.while(
          () => bits.ne(0),
          () => {
            const bin = f.let(first.add(i32.wrap_i64(bits.ctz())));
            bits.set(bits.and(bits.sub(1)));
            const at = f.let(addressOf(bin));
            kind.add(at);
            empty(f, at, kind.bytes);
            consider(bin, kind);
          },
        );
      });
      // The mark behind the best bin's: in its own word, or in one of the following.
      next.set(bestBin.add(1));
      f.if(bestNumerator.ge(0), () => {
        f.block((found) => {
          f.repeat(
            () => {
              const bits = f.let(i64.shr_u(i64.load(marks.add(next.shr_u(6).shl(3))), i64.extend_i32_u(next)));
              f.if(bits.ne(0), () => {
                next.set(next.add(i32.wrap_i64(bits.ctz())));
                f.branch(found);
              });
              next.set(next.or(63).add(1));
            },
            () => next.lt_s(bins),
          );
        });
      });
      for (const half of [0, 16]) f.v128.store(marks, i32x4.splat(0), half);
      kind.store();
    },
  );
  f.i32.store(own, bestBin.add(next).sub(1).shr_s(1), offsetOf('foundCut'));
  return bestNumerator.div(bestDenominator);
}

/** One bit for each byte that was touched; clears the bytes. */
function packMarks(f: FunctionBuilder, marks: I32, touched: I32): void {
  f.loop(0, bins / 64, (group) => {
    const from = f.let(touched.add(group.shl(6)));
    const parts = [0, 16, 32, 48].map((at) => i64.extend_i32_u(i8x16.bitmask(v128.load(from, at))).shl(at));
    f.i64.store(
      marks.add(group.shl(3)),
      parts.reduce((all, part) => all.or(part)),
    );
    for (const at of [0, 16, 32, 48]) f.v128.store(from, i32x4.splat(0), at);
  });
}

/** Each entry of a node, its row and the row's code. */
function eachCode(
  f: FunctionBuilder,
  { own, base, stride, begin, end }: Given,
  body: (entry: Local<'i64'>, row: Local<'i32'>, code: Local<'i32'>, at: I32) => void,
): void {
  const entries = f.let(word(own, 'entries'));
  f.loop(entries.add(begin.shl(3)), entries.add(end.shl(3)), 8, (at) => {
    const entry = f.let(i64.load(at));
    const row = f.let(i32.wrap_i64(entry));
    body(entry, row, f.let(i32.load8_u(base.add(row.mul(stride)))), at);
  });
}
function empty(f: FunctionBuilder, at: I32, bytes: BinKind['bytes']): void {
  if (typeof bytes !== 'number') f.memory.fill(at, 0, bytes);
  else if (bytes === 4) f.i32.store(at, 0);
  else if (bytes === 8) f.i64.store(at, 0);
  else for (let from = 0; from < bytes; from += 16) f.v128.store(at, i32x4.splat(0), from);
}

/** Two classes: weight and class 1 in the halves of a word; wide: in a word each. Gain: `(l₁·W − W₁·l)² / (l·r)`. */
function binaryBins(f: FunctionBuilder, own: I32, wide: boolean): BinKind {
  const all = f.let(f64.load(own, reals.all));
  const ones = f.let(f64.load(own, reals.squares));
  const [l, l1, bestL, bestL1] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  return {
    bytes: wide ? 8 : 4,
    fill(bin, entry) {
      if (wide) {
        const tag = f.let(tagOf(entry));
        f.i32.store(bin, i32.load(bin).add(tag.and(0xffff)));
        f.i32.store(bin, i32.load(bin, 4).add(tag.shr_u(16)), 4);
      } else f.i32.store(bin, i32.load(bin).add(tagOf(entry)));
    },
    isFilled: (bin) => i32.load(bin),
    add(bin) {
      const both = f.let(i32.load(bin));
      l.set(l.add(wide ? both : both.and(0xffff)));
      l1.set(l1.add(wide ? i32.load(bin, 4) : both.shr_u(16)));
    },
    cut() {
      const left = f.let(f64.convert_i32_s(l));
      const difference = f.let(f64.convert_i32_s(l1).mul(all).sub(ones.mul(left)));
      return {
        numerator: f.let(difference.mul(difference)),
        denominator: f.let(left.mul(all.sub(left))),
      };
    },
    keep() {
      bestL.set(l);
      bestL1.set(l1);
    },
    store() {
      const left = f.let(word(own, 'left'));
      f.i32.store(left, bestL);
      f.i32.store(left, bestL1, 4);
    },
  };
}

/** Numbers: weight and sum in the lanes of a bin. Gain: `(s·W − S·l)² / (l·r)`. */
function numberBins(f: FunctionBuilder, { own }: Given): BinKind {
  const pairs = f.let(word(own, 'pairs'));
  const all = f.let(f64.load(own, reals.all));
  const sum = f.let(f64.load(own, reals.squares));
  const both = f.let(f64x2.splat(0));
  const best = f.let(f64x2.splat(0));
  return {
    bytes: 16,
    fill: (bin, _, row) => f.v128.store(bin, f64x2.add(v128.load(bin), v128.load(pairs.add(row.shl(4))))),
    isFilled: (bin) => f64.load(bin).ne(0),
    add: (bin) => both.set(f64x2.add(both, v128.load(bin))),
    cut() {
      const l = f.let(f64x2.extract_lane(both, 0));
      const s = f64x2.extract_lane(both, 1);
      const difference = f.let(s.mul(all).sub(sum.mul(l)));
      return {
        numerator: f.let(difference.mul(difference)),
        denominator: f.let(l.mul(all.sub(l))),
      };
    },
    keep: () => best.set(both),
    store: () => f.v128.store(word(own, 'left'), best),
  };
}

/**
 * Several classes: a bin has a lane of 16 bits for each class, so that a dot product gives whole 32-bit products; the node's
 * totals stand in `lanes` likewise. Gain: `(Σ L²·r + Σ R²·l) / (l·r)`.
 */
function classBins(f: FunctionBuilder, own: I32, vectors: number): BinKind {
  const each = Array.from({ length: vectors }, (_, v) => v);
  const lanes = f.let(word(own, 'lanes'));
  const all = f.let(f64.load(own, reals.all));
  const squares = f.let(f64.load(own, reals.squares));
  const totals = each.map((v) => f.let(v128.load(lanes, 16 * v)));
  const sofar = each.map(() => f.let(i32x4.splat(0)));
  const best = each.map(() => f.let(i32x4.splat(0)));
  const sum = (parts: readonly Value<'v128'>[]): Value<'v128'> => parts.reduce((a, b) => i32x4.add(a, b));
  return {
    bytes: 16 * vectors,
    fill(bin, entry) {
      const tag = f.let(tagOf(entry));
      const lane = f.let(bin.add(tag.shr_u(16).shl(1)));
      f.i32.store16(lane, i32.load16_u(lane).add(tag));
    },
    isFilled: (bin) => v128.any_true(each.map((v) => v128.load(bin, 16 * v)).reduce((a, b) => v128.or(a, b))),
    add: (bin) => sofar.forEach((counts, v) => void counts.set(i16x8.add(counts, v128.load(bin, 16 * v)))),
    cut() {
      // The sums of three vectors at once: lanes 0, 1 and 2 of the result.
      const a = f.let(sum(sofar.map((counts) => i32x4.dot_i16x8_s(counts, counts))));
      const b = f.let(sum(sofar.map((counts, v) => i32x4.dot_i16x8_s(counts, totals[v] as Local<'v128'>))));
      const c = f.let(sum(sofar.map((counts) => i32x4.extadd_pairwise_i16x8_s(counts))));
      const half = f.let(i32x4.add(shuffled(a, b, [0, 1, 4, 5]), shuffled(a, b, [2, 3, 6, 7])));
      const other = f.let(i32x4.add(c, shuffled(c, c, [2, 3, 2, 3])));
      const whole = f.let(i32x4.add(shuffled(half, other, [0, 2, 4, 4]), shuffled(half, other, [1, 3, 5, 5])));
      const products = f.let(f64x2.convert_low_i32x4_s(whole));
      const ofLeft = f.let(f64x2.extract_lane(products, 0));
      const ofRight = squares.sub(f64x2.extract_lane(products, 1).mul(2)).add(ofLeft);
      const l = f.let(f64.convert_i32_s(i32x4.extract_lane(whole, 2)));
      const r = f.let(all.sub(l));
      return { numerator: f.let(ofLeft.mul(r).add(ofRight.mul(l))), denominator: f.let(l.mul(r)) };
    },
    keep: () => best.forEach((counts, v) => void counts.set(sofar[v] as Local<'v128'>)),
    store() {
      // By way of the histogram's first bytes: lanes become words.
      const room = f.let(word(own, 'histogram'));
      best.forEach((counts, v) => void f.v128.store(room, counts, 16 * v));
      const left = f.let(word(own, 'left'));
      const classes = f.let(word(own, 'classes'));
      f.loop(0, classes, 4, (k) => f.v128.store(left.add(k.shl(2)), v128.load16x4_u(room.add(k.shl(1)))));
      each.forEach((v) => void f.v128.store(room, i32x4.splat(0), 16 * v));
    },
  };
}
/**
 * Many classes in small nodes that are light: a bin is the last of its rows, and each row names the one before it, in `spare` with
 * its tag. Weights, squares and products are whole numbers below 2³¹. (With up to 16 classes vectors are faster by a tenth.)
 */
function chainBins(f: FunctionBuilder, { own, begin }: Given): BinKind {
  const toLinks = f.let(word(own, 'spare').sub(word(own, 'entries').add(begin.shl(3))));
  const totals = f.let(word(own, 'totals'));
  const squares = f.let(i32.trunc_f64_s(f64.load(own, reals.squares)));
  const all = f.let(i32.trunc_f64_s(f64.load(own, reals.all)));
  const sofar = f.let(word(own, 'sofar'));
  const left = f.let(word(own, 'left'));
  const [l, ofLeft, cross] = [f.local('i32'), f.local('i32'), f.local('i32')];
  // Four classes at a time.
  const eachFour = (body: (at: I32) => void): void => f.loop(0, word(own, 'slotBytes'), 16, body);
  eachFour((i) => f.v128.store(sofar.add(i), i32x4.splat(0)));
  return {
    bytes: 4,
    fill(bin, entry, _, at) {
      f.i64.store(toLinks.add(at), entry.and(-(2n ** 32n)).or(i64.extend_i32_u(i32.load(bin))));
      f.i32.store(bin, at);
    },
    isFilled: (bin) => i32.load(bin),
    add(bin) {
      const at = f.let(i32.load(bin));
      f.repeat(
        () => {
          const link = f.let(i64.load(toLinks.add(at)));
          const tag = f.let(tagOf(link));
          const times = f.let(tag.and(0xffff));
          const label = f.let(tag.shr_u(16).shl(2));
          const had = f.let(i32.load(sofar.add(label)));
          f.i32.store(sofar.add(label), had.add(times));
          l.set(l.add(times));
          ofLeft.set(ofLeft.add(times.mul(had.shl(1).add(times))));
          cross.set(cross.add(times.mul(i32.load(totals.add(label)))));
          at.set(i32.wrap_i64(link));
        },
        () => at,
      );
    },
    cut() {
      const ofRight = squares.sub(cross.shl(1)).add(ofLeft);
      const [ls, rs] = [f.let(f64.convert_i32_s(l)), f.let(f64.convert_i32_s(all.sub(l)))];
      const both = f64.convert_i32_s(ofLeft).mul(rs).add(f64.convert_i32_s(ofRight).mul(ls));
      return { numerator: f.let(both), denominator: f.let(ls.mul(rs)) };
    },
    keep: () => eachFour((i) => f.v128.store(left.add(i), v128.load(sofar.add(i)))),
    store: () => undefined,
  };
}

/** Lanes of 32 bits: 0 … 3 are those of a, 4 … 7 those of b. */
const shuffled = (a: Value<'v128'>, b: Value<'v128'>, lanes: readonly number[]): Value<'v128'> =>
  i8x16.shuffle(
    a,
    b,
    lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
  );

/** Any number of classes and any weight: a word each behind the bin's weight, one class after the other. */
function manyClassBins(f: FunctionBuilder, own: I32): BinKind {
  const classes = f.let(word(own, 'classes'));
  const totals = f.let(word(own, 'totals'));
  const left = f.let(word(own, 'left'));
  const sofar = f.let(word(own, 'lanes'));
  const all = f.let(f64.load(own, reals.all));
  const squares = f.let(f64.load(own, reals.squares));
  const bytes = f.let(classes.shl(2).add(4));
  const [l, ofLeft, cross] = [f.local('f64'), f.local('f64'), f.local('f64')];
  f.memory.fill(sofar, 0, classes.shl(2));
  return {
    bytes,
    fill(bin, entry) {
      const tag = f.let(tagOf(entry));
      const times = f.let(tag.and(0xffff));
      f.i32.store(bin, i32.load(bin).add(times));
      const own = f.let(bin.add(tag.shr_u(16).shl(2)));
      f.i32.store(own, i32.load(own, 4).add(times), 4);
    },
    isFilled: (bin) => i32.load(bin),
    add(bin) {
      l.set(l.add(f64.convert_i32_s(i32.load(bin))));
      f.loop(0, classes.shl(2), 4, (k) => {
        const count = f.let(i32.load(bin.add(k), 4));
        f.if(count, () => {
          const before = f.let(i32.load(sofar.add(k)));
          const c = f.let(f64.convert_i32_s(count));
          ofLeft.set(ofLeft.add(c.mul(f64.convert_i32_s(before).mul(2).add(c))));
          cross.set(cross.add(c.mul(f64.convert_i32_s(i32.load(totals.add(k))))));
          f.i32.store(sofar.add(k), before.add(count));
        });
      });
    },
    cut() {
      const ofRight = squares.sub(cross.mul(2)).add(ofLeft);
      const r = f.let(all.sub(l));
      return { numerator: f.let(ofLeft.mul(r).add(ofRight.mul(l))), denominator: f.let(l.mul(r)) };
    },
    keep: () => f.memory.copy(left, sofar, classes.shl(2)),
    store: () => undefined,
  };
}
