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
  select,
  type Value,
  v128,
  type WasmModule,
  wasmModule,
} from '@dendrite/wasm-assembler';
import { header, mostVectors } from './header.ts';

type I32 = Value<'i32'>;
const address = (name: keyof typeof header): I32 => i32.load(0, 4 * header[name]);
const range = { codes: 'i32', begin: 'i32', end: 'i32' } as const;

export function forestKernels(): WasmModule {
  const m = wasmModule();
  m.importMemory('env', 'memory', { initial: 1 });
  m.function('scanBinary', { parameters: range, result: 'f64' }, (f, { codes, begin, end }) =>
    scanBinary(f, codes, begin, end),
  );
  for (let vectors = 1; vectors <= mostVectors; vectors++)
    m.function(`scanClasses${vectors}`, { parameters: range, result: 'f64' }, (f, { codes, begin, end }) =>
      scanClasses(f, codes, begin, end, vectors),
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
  m.function(
    'walk',
    { parameters: { root: 'i32', codes: 'i32', width: 'i32', rows: 'i32', out: 'i32' } },
    (f, { root, codes, width, rows, out }) => walk(f, root, codes, width, rows, out),
  );
  return m;
}

/**
 * The leaf of each row in one tree, eight rows at once, so that eight loads are under way: a single walk would wait for each.
 * A node is eight bytes: feature in bits 0 … 15, cut in bits 16 … 31 (signed), address of the right child above; the left child
 * is the next node. A leaf has the cut −1 and is its own right child: rows that have arrived stay where they are.
 */
function walk(f: FunctionBuilder, root: I32, codes: I32, width: I32, rows: I32, out: I32): void {
  const at = f.let(codes);
  f.loop(0, rows, 8, (row) => {
    const places = Array.from({ length: 8 }, () => f.let(at));
    const nodes = places.map(() => f.let(root));
    for (let i = 1; i < 8; i++) places[i]?.set((places[i - 1] as Local<'i32'>).add(width));
    at.set((places[7] as Local<'i32'>).add(width));
    const moved = f.local('i32');
    const node = f.local('i64');
    const next = f.local('i32');
    f.repeat(
      () => {
        moved.set(0);
        nodes.forEach((own, i) => {
          node.set(i64.load(own));
          const word = i32.wrap_i64(node);
          const code = i32.load8_u((places[i] as Local<'i32'>).add(word.and(0xffff)));
          const right = i32.wrap_i64(node.shr_u(32));
          next.set(select(code.le_s(word.shr_s(16)), own.add(8), right));
          moved.set(moved.or(next.xor(own)));
          own.set(next);
        });
      },
      () => moved,
    );
    const to = f.let(out.add(row.shl(2)));
    nodes.forEach((own, i) => {
      f.i32.store(to, own, 4 * i);
    });
  });
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
  const word = f.let(marks.add(code.shr_u(6).shl(3)));
  f.i64.store(word, i64.load(word).or(i64.shl(1, i64.extend_i32_u(code))));
}

/**
 * Adds the rows of a node to a histogram. `add` gives the row's code. In large nodes most bins are filled: marking each row's
 * would only make the next row wait for the word, so all bins are marked at once, and empty ones are passed over in the walk.
 */
function gather(
  f: FunctionBuilder,
  marks: I32,
  begin: I32,
  end: I32,
  add: (entry: Local<'i64'>, row: I32) => I32,
): void {
  const entries = f.let(address('entries'));
  f.if(
    end.sub(begin).gt_s(manyRows),
    () => {
      eachEntry(f, entries, begin, end, (entry, row) => void add(entry, row));
      for (let word = 0; word < 4; word++) f.i64.store(marks, -1, 8 * word);
    },
    () => eachEntry(f, entries, begin, end, (entry, row) => mark(f, marks, add(entry, row))),
  );
}
const manyRows = 96;

/** Walks the marked bins in order and clears the marks. */
function eachMarked(
  f: FunctionBuilder,
  marks: I32,
  isFilled: (bin: I32) => I32,
  body: (bin: Local<'i32'>) => void,
): void {
  f.loop(0, 4, (word) => {
    const at = f.let(marks.add(word.shl(3)));
    const bits = f.let(i64.load(at));
    f.if(bits.ne(0), () => {
      f.i64.store(at, 0);
      f.repeat(
        () => {
          const bin = f.let(word.shl(6).add(i32.wrap_i64(bits.ctz())));
          bits.set(bits.and(bits.sub(1)));
          f.if(isFilled(bin), () => body(bin));
        },
        () => bits.ne(0),
      );
    });
  });
}

function scanBinary(f: FunctionBuilder, codes: I32, begin: I32, end: I32): Value<'f64'> {
  const histogram = f.let(address('histogram'));
  const marks = f.let(address('marks'));
  gather(f, marks, begin, end, (entry, row) => {
    const code = f.let(i32.load8_u(codes.add(row)));
    const tag = f.let(tagOf(entry));
    const weight = f.let(i64.extend_i32_u(tag.and(0xffff)));
    const bin = f.let(histogram.add(code.shl(3)));
    // Low word: weight; high word: weight of class 1.
    const both = weight.add(weight.mul(i64.extend_i32_u(tag.shr_u(16))).shl(32));
    f.i64.store(bin, i64.load(bin).add(both));
    return code;
  });
  const totals = f.let(address('totals'));
  const zeros = f.let(f64.load(totals));
  const ones = f.let(f64.load(totals, 8));
  const best = f.local('f64', -1);
  const cut = f.local('i32');
  const [bestL0, bestL1] = [f.local('f64'), f.local('f64')];
  const [l, l1] = [f.local('f64'), f.local('f64')];
  const last = f.local('i32', -1);
  eachMarked(
    f,
    marks,
    (bin) => i32.load(histogram.add(bin.shl(3))),
    (bin) => {
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
    },
  );
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
  gather(f, marks, begin, end, (entry, row) => {
    const code = f.let(i32.load8_u(codes.add(row)));
    const weight = f.let(f64x2.splat(f64.convert_i32_u(tagOf(entry))));
    const bin = f.let(histogram.add(code.shl(4)));
    const unit = f64x2.replace_lane(f64x2.splat(1), f64.load(targets.add(row.shl(3))), 1);
    f.v128.store(bin, f64x2.add(v128.load(bin), f64x2.mul(weight, unit)));
    return code;
  });
  const totals = f.let(address('totals'));
  const all = f.let(f64.load(totals));
  const sum = f.let(f64.load(totals, 8));
  const best = f.local('f64', -1);
  const cut = f.local('i32');
  const [bestL, bestS] = [f.local('f64'), f.local('f64')];
  const both = f.let(f64x2.splat(0));
  const last = f.local('i32', -1);
  eachMarked(
    f,
    marks,
    (bin) => f64.load(histogram.add(bin.shl(4))).ne(0),
    (bin) => {
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
    },
  );
  storeBest(f, cut, bestL, bestS);
  return best;
}

/**
 * Lane 0 of a bin is its weight, lanes 1 … K are its classes, each 32 bits wide but, in nodes of a weight below 2¹⁵, never
 * longer than 16: so a dot product of 16-bit lanes gives whole 32-bit products. `vectors` times four lanes stay in registers.
 * The totals stand in `scratch` in the same lanes, lane 0 being 0.
 */
function scanClasses(f: FunctionBuilder, codes: I32, begin: I32, end: I32, vectors: number): Value<'f64'> {
  const each = Array.from({ length: vectors }, (_, v) => v);
  const stride = 16 * vectors;
  const histogram = f.let(address('histogram'));
  const marks = f.let(address('marks'));
  gather(f, marks, begin, end, (entry, row) => {
    const code = f.let(i32.load8_u(codes.add(row)));
    const tag = f.let(tagOf(entry));
    const weight = f.let(tag.and(0xffff));
    const bin = f.let(histogram.add(code.mul(stride)));
    f.i32.store(bin, i32.load(bin).add(weight));
    const own = f.let(bin.add(tag.shr_u(16).shl(2)));
    f.i32.store(own, i32.load(own, 4).add(weight), 4);
    return code;
  });
  const scratch = f.let(address('scratch'));
  const result = f.let(address('result'));
  const all = f.let(f64.load(result, 16));
  const squares = f.let(f64.load(result, 24));
  const total = each.map((v) => f.let(v128.load(scratch, 16 * v)));
  const sofar = each.map(() => f.let(i32x4.splat(0)));
  const best = each.map(() => f.let(i32x4.splat(0)));
  const bestGain = f.local('f64', -1);
  const cut = f.local('i32');
  const [l, lSquares, cross] = [f.local('f64'), f.local('f64'), f.local('f64')];
  const last = f.local('i32', -1);
  eachMarked(
    f,
    marks,
    (bin) => i32.load(histogram.add(bin.mul(stride))),
    (bin) => {
      f.if(last.ge_s(0), () => {
        const other = squares.sub(cross.mul(2)).add(lSquares);
        const gain = f.let(lSquares.div(l).add(other.div(all.sub(l))));
        f.if(gain.gt(bestGain), () => {
          bestGain.set(gain);
          cut.set(last.add(bin).sub(1).shr_s(1));
          for (const v of each) best[v]?.set(sofar[v] as Local<'v128'>);
        });
      });
      const from = f.let(histogram.add(bin.mul(stride)));
      l.set(l.add(f64.convert_i32_s(i32.load(from))));
      let ofLeft: Value<'v128'> | undefined;
      let ofBoth: Value<'v128'> | undefined;
      for (const v of each) {
        const counts = sofar[v] as Local<'v128'>;
        const bins = v128.load(from, 16 * v);
        counts.set(i32x4.add(counts, v === 0 ? i32x4.replace_lane(bins, 0, 0) : bins));
        f.v128.store(from, i32x4.splat(0), 16 * v);
        const own = i32x4.dot_i16x8_s(counts, counts);
        const both = i32x4.dot_i16x8_s(counts, total[v] as Local<'v128'>);
        ofLeft = ofLeft ? i32x4.add(ofLeft, own) : own;
        ofBoth = ofBoth ? i32x4.add(ofBoth, both) : both;
      }
      if (ofLeft && ofBoth) {
        lSquares.set(f64.convert_i32_s(sumOf(f.let(ofLeft))));
        cross.set(f64.convert_i32_s(sumOf(f.let(ofBoth))));
      }
      last.set(bin);
    },
  );
  f.f64.store(result, f64.convert_i32_s(cut));
  const left = f.let(address('left'));
  // Lane 4v + i is class 4v + i − 1; what lies behind the last class is never read.
  for (const v of each) {
    const lanes = best[v] as Local<'v128'>;
    for (let i = v === 0 ? 1 : 0; i < 4; i++)
      f.f64.store(left, f64.convert_i32_s(i32x4.extract_lane(lanes, i)), 8 * (4 * v + i - 1));
  }
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
