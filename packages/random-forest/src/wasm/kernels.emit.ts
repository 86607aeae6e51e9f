/**
 * The fast kernels of js-kernels.ts as a WebAssembly module: the same sums in the same order, hence the same bits. Run when
 * the package is built (`node src/wasm/kernels.emit.ts` writes kernels.gen.ts); what is shipped is the bytes.
 *
 * Every function finds the workspace by the addresses in the first 64 bytes of the memory (`header`).
 */
import {
  type FunctionBuilder,
  f64,
  f64x2,
  i32,
  i32x4,
  i64,
  type Local,
  type Value,
  v128,
  type WasmModule,
  wasmModule,
} from '@dendrite/wasm-assembler';
import { header } from './header.ts';

type I32 = Value<'i32'>;
const address = (name: keyof typeof header): I32 => i32.load(0, 4 * header[name]);
const range = { codes: 'i32', begin: 'i32', end: 'i32' } as const;

export function forestKernels(): WasmModule {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  m.function('scanBinary', { parameters: range, result: 'f64' }, (f, { codes, begin, end }) =>
    scanBinary(f, codes, begin, end),
  );
  m.function('scanClasses', { parameters: range, result: 'f64' }, (f, { codes, begin, end }) =>
    scanClasses(f, codes, begin, end),
  );
  m.function('scanNumber', { parameters: range, result: 'f64' }, (f, { codes, begin, end }) =>
    scanNumber(f, codes, begin, end),
  );
  m.function('partition', { parameters: { ...range, cut: 'i32' }, result: 'i32' }, (f, { codes, begin, end, cut }) => {
    const entries = f.let(address('entries'));
    const left = f.let(entries.add(begin.shl(3)));
    const spare = f.let(address('spare'));
    const right = f.let(spare);
    const start = f.let(left);
    eachEntry(f, entries, begin, end, (entry, row) => {
      const goesLeft = f.let(i32.load8_u(codes.add(row)).le_u(cut).shl(3));
      f.i64.store(left, entry);
      f.i64.store(right, entry);
      left.set(left.add(goesLeft));
      right.set(right.add(8).sub(goesLeft));
    });
    f.memory.copy(left, spare, right.sub(spare));
    return left.sub(start).shr_u(3);
  });
  return m;
}

/** Both words of each entry of a node, and its row. */
function eachEntry(
  f: FunctionBuilder,
  entries: I32,
  begin: I32,
  end: I32,
  body: (entry: Local<'i64'>, row: I32) => void,
): void {
  f.loop(entries.add(begin.shl(3)), entries.add(end.shl(3)), 8, (at) => {
    const entry = f.let(i64.load(at));
    body(entry, f.let(i32.wrap_i64(entry)));
  });
}
const tagOf = (entry: Value<'i64'>): I32 => i32.wrap_i64(entry.shr_u(32));

/** Sets the bit of a code. */
function mark(f: FunctionBuilder, marks: I32, code: I32): void {
  const word = f.let(marks.add(code.shr_u(5).shl(2)));
  f.i32.store(word, i32.load(word).or(i32.shl(1, code)));
}

/** Walks the marked bins in order and clears the marks. */
function eachMarked(f: FunctionBuilder, marks: I32, body: (bin: Local<'i32'>) => void): void {
  f.loop(0, 8, (word) => {
    const at = f.let(marks.add(word.shl(2)));
    const bits = f.let(i32.load(at));
    f.i32.store(at, 0);
    f.while(
      () => bits,
      () => {
        const bin = f.let(word.shl(5).add(bits.ctz()));
        bits.set(bits.and(bits.sub(1)));
        body(bin);
      },
    );
  });
}

function scanBinary(f: FunctionBuilder, codes: I32, begin: I32, end: I32): Value<'f64'> {
  const histogram = f.let(address('histogram'));
  const marks = f.let(address('marks'));
  eachEntry(f, address('entries'), begin, end, (entry, row) => {
    const code = f.let(i32.load8_u(codes.add(row)));
    const tag = f.let(tagOf(entry));
    const weight = f.let(i64.extend_i32_u(tag.and(0xffff)));
    const bin = f.let(histogram.add(code.shl(3)));
    // Low word: weight; high word: weight of class 1.
    const both = weight.add(weight.mul(i64.extend_i32_u(tag.shr_u(16))).shl(32));
    f.i64.store(bin, i64.load(bin).add(both));
    mark(f, marks, code);
  });
  const totals = f.let(address('totals'));
  const zeros = f.let(f64.load(totals));
  const ones = f.let(f64.load(totals, 8));
  const best = f.local('f64', -1);
  const cut = f.local('i32');
  const [bestL0, bestL1] = [f.local('f64'), f.local('f64')];
  const [l, l1] = [f.local('f64'), f.local('f64')];
  const last = f.local('i32', -1);
  eachMarked(f, marks, (bin) => {
    f.if(last.ge_s(0), () => {
      const l0 = f.let(l.sub(l1));
      const r1 = f.let(ones.sub(l1));
      const r0 = f.let(zeros.sub(l0));
      const gain = f.let(
        l0
          .mul(l0)
          .add(l1.mul(l1))
          .div(l)
          .add(r0.mul(r0).add(r1.mul(r1)).div(r0.add(r1))),
      );
      f.if(gain.gt(best), () => {
        best.set(gain);
        cut.set(last.add(bin).sub(1).shr_s(1));
        bestL0.set(l0);
        bestL1.set(l1);
      });
    });
    const at = f.let(histogram.add(bin.shl(3)));
    l.set(l.add(f64.convert_i32_s(i32.load(at))));
    l1.set(l1.add(f64.convert_i32_s(i32.load(at, 4))));
    f.i64.store(at, 0);
    last.set(bin);
  });
  storeBest(f, cut, bestL0, bestL1);
  return best;
}

function storeBest(f: FunctionBuilder, cut: I32, first: Value<'f64'>, second: Value<'f64'>): void {
  f.f64.store(address('result'), f64.convert_i32_s(cut));
  const left = f.let(address('left'));
  f.f64.store(left, first);
  f.f64.store(left, second, 8);
}

function scanNumber(f: FunctionBuilder, codes: I32, begin: I32, end: I32): Value<'f64'> {
  const histogram = f.let(address('histogram'));
  const marks = f.let(address('marks'));
  const targets = f.let(address('targets'));
  eachEntry(f, address('entries'), begin, end, (entry, row) => {
    const code = f.let(i32.load8_u(codes.add(row)));
    const weight = f.let(f64x2.splat(f64.convert_i32_u(tagOf(entry))));
    const bin = f.let(histogram.add(code.shl(4)));
    const unit = f64x2.replace_lane(f64x2.splat(1), f64.load(targets.add(row.shl(3))), 1);
    f.v128.store(bin, f64x2.add(v128.load(bin), f64x2.mul(weight, unit)));
    mark(f, marks, code);
  });
  const totals = f.let(address('totals'));
  const all = f.let(f64.load(totals));
  const sum = f.let(f64.load(totals, 8));
  const best = f.local('f64', -1);
  const cut = f.local('i32');
  const [bestL, bestS] = [f.local('f64'), f.local('f64')];
  const both = f.let(f64x2.splat(0));
  const last = f.local('i32', -1);
  eachMarked(f, marks, (bin) => {
    f.if(last.ge_s(0), () => {
      const l = f.let(f64x2.extract_lane(both, 0));
      const s = f.let(f64x2.extract_lane(both, 1));
      const difference = f.let(s.mul(all).sub(sum.mul(l)));
      const gain = f.let(difference.mul(difference).div(l.mul(all.sub(l))));
      f.if(gain.gt(best), () => {
        best.set(gain);
        cut.set(last.add(bin).sub(1).shr_s(1));
        bestL.set(l);
        bestS.set(s);
      });
    });
    const at = f.let(histogram.add(bin.shl(4)));
    both.set(f64x2.add(both, v128.load(at)));
    f.v128.store(at, f64x2.splat(0));
    last.set(bin);
  });
  storeBest(f, cut, bestL, bestS);
  return best;
}

/**
 * Lane 0 of a bin is its weight, lanes 1 … K are its classes, each 32 bits wide but, in nodes of a weight below 2¹⁵, never
 * longer than 16: so a dot product of 16-bit lanes gives whole 32-bit products.
 */
function scanClasses(f: FunctionBuilder, codes: I32, begin: I32, end: I32): Value<'f64'> {
  const histogram = f.let(address('histogram'));
  const marks = f.let(address('marks'));
  const classes = f.let(i32.load(0, 4 * header.classes));
  const stride = f.let(i32.load(0, 4 * header.stride));
  eachEntry(f, address('entries'), begin, end, (entry, row) => {
    const code = f.let(i32.load8_u(codes.add(row)));
    const tag = f.let(tagOf(entry));
    const weight = f.let(tag.and(0xffff));
    const bin = f.let(histogram.add(code.mul(stride)));
    f.i32.store(bin, i32.load(bin).add(weight));
    const own = f.let(bin.add(tag.shr_u(16).shl(2)));
    f.i32.store(own, i32.load(own, 4).add(weight), 4);
    mark(f, marks, code);
  });
  // Totals and what is left so far, in the same lanes; lane 0 of the totals is 0.
  const total = f.let(address('scratch'));
  const sofar = f.let(total.add(stride));
  const best = f.let(sofar.add(stride));
  const totals = f.let(address('totals'));
  f.memory.fill(total, 0, stride.mul(3));
  const all = f.local('i32');
  const squares = f.local('f64');
  f.loop(0, classes, (k) => {
    const own = f.let(f64.load(totals.add(k.shl(3))));
    const whole = f.let(i32.trunc_f64_s(own));
    f.i32.store(total.add(k.shl(2)), whole, 4);
    all.set(all.add(whole));
    squares.set(squares.add(own.mul(own)));
  });
  const bestGain = f.local('f64', -1);
  const cut = f.local('i32');
  const [l, lSquares, cross] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const last = f.local('i32', -1);
  eachMarked(f, marks, (bin) => {
    f.if(last.ge_s(0), () => {
      const own = f.let(f64.convert_i32_s(lSquares));
      const weight = f.let(f64.convert_i32_s(l));
      const other = squares.sub(f64.convert_i32_s(cross).mul(2)).add(own);
      const gain = f.let(own.div(weight).add(other.div(f64.convert_i32_s(all).sub(weight))));
      f.if(gain.gt(bestGain), () => {
        bestGain.set(gain);
        cut.set(last.add(bin).sub(1).shr_s(1));
        f.loop(0, stride, 16, (at) => f.v128.store(best.add(at), v128.load(sofar.add(at))));
      });
    });
    const from = f.let(histogram.add(bin.mul(stride)));
    const ofLeft = f.let(i32x4.splat(0));
    const ofBoth = f.let(i32x4.splat(0));
    l.set(l.add(i32.load(from)));
    f.i32.store(from, 0);
    f.loop(0, stride, 16, (at) => {
      const place = f.let(sofar.add(at));
      const counts = f.let(i32x4.add(v128.load(place), v128.load(from.add(at))));
      f.v128.store(place, counts);
      f.v128.store(from.add(at), i32x4.splat(0));
      ofLeft.set(i32x4.add(ofLeft, i32x4.dot_i16x8_s(counts, counts)));
      ofBoth.set(i32x4.add(ofBoth, i32x4.dot_i16x8_s(counts, v128.load(total.add(at)))));
    });
    lSquares.set(sumOf(ofLeft));
    cross.set(sumOf(ofBoth));
    last.set(bin);
  });
  f.f64.store(address('result'), f64.convert_i32_s(cut));
  const left = f.let(address('left'));
  f.loop(0, classes, (k) => {
    f.f64.store(left.add(k.shl(3)), f64.convert_i32_s(i32.load(best.add(k.shl(2)), 4)));
  });
  return bestGain;
}

function sumOf(vector: Local<'v128'>): I32 {
  const lane = (i: number): I32 => i32x4.extract_lane(vector, i);
  return lane(0)
    .add(lane(1))
    .add(lane(2).add(lane(3)));
}

if (import.meta.main) {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(new URL('./kernels.gen.ts', import.meta.url), generated());
}

/** The text of kernels.gen.ts. */
export function generated(): string {
  const bytes = forestKernels().toBytes();
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return [
    '// Written by kernels.emit.ts (`pnpm generate`); a test fails when it is not up to date.',
    `/** ${bytes.length} bytes of WebAssembly, in base 64. */`,
    `export const kernelBytes =\n  '${btoa(text)}';`,
    '',
  ].join('\n');
}
