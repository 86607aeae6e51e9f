/**
 * A product of any lengths by one module: both operands are packed into scratch, so that a tile finds them side by side, however they
 * lie. Every element is added up as the form that its lengths choose does it, in one chain or in four, so the bits are the same; only
 * a shape that comes back often is worth a module with its lengths baked in.
 */
import type { Call, KernelConstants, WasmPhase, WasmTarget, WasmVariant } from '@dendrite/spec';
import {
  constant,
  type FunctionBuilder,
  f32,
  f32x4,
  type Local,
  select,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { multiplyAdd, tallestOf } from '../../wasm-kernels/product-tiles.ts';
import { operands, productForm, productLengths } from './product-form.ts';

type Int = Value<'i32'>;

/** Rows and columns of a tile. In four chains a step takes four elements of the sum, so lengths are padded with zeros. */
interface Tile {
  readonly chains: 1 | 4;
  readonly rows: number;
  readonly columns: number;
}
const dots: Tile = { chains: 4, rows: 4, columns: 2 };
/** More rows than the tile of plain SIMD has: what its scratch is measured by. */
const mostRows = 6;
const tileOf = (constants: KernelConstants, { relaxed }: WasmTarget): Tile =>
  constants.chains === 4 ? dots : { chains: 1, rows: tallestOf(relaxed), columns: 8 };

const chainsOf = (call: Call): 1 | 4 => (productForm(productLengths(call)) === 'dots' ? 4 : 1);
/** Rows, columns and elements of a sum with what is added to fill tiles. */
function padded(call: Call): { readonly m: number; readonly n: number; readonly k: number } {
  const { m, k, n } = productLengths(call);
  const chains = chainsOf(call);
  const up = (length: number, to: number): number => Math.ceil(length / to) * to;
  return chains === 4
    ? { m: up(m, dots.rows), n: up(n, dots.columns), k: up(k, 4) }
    : // A multiple of the tallest tile of both kinds of SIMD: which one it will be is not known yet.
      { m: up(m, 2 * mostRows), n: up(n, 8), k };
}
/** Rows that a unit of work packs, or computes: whole tiles of either height. */
const unitRows = 2 * mostRows;
const unitsOf = (call: Call): number => {
  const { batch, m } = productLengths(call);
  return batch * Math.ceil(m / unitRows);
};

const parameters = {
  ...operands,
  own: 'i32',
  m: 'i32',
  k: 'i32',
  n: 'i32',
  /** Bytes from one row of `a` (column of `b`) to the next, and from one element of its sum to the next. */
  aRow: 'i32',
  aStep: 'i32',
  bColumn: 'i32',
  bStep: 'i32',
  /** Padded lengths. */
  mAll: 'i32',
  nAll: 'i32',
  kAll: 'i32',
  /** Where the packed columns begin, in bytes. */
  columnsAt: 'i32',
  batch: 'i32',
} as const;
type Parameters = { readonly [K in keyof typeof parameters]: Local<'i32'> };

export const anyProduct: WasmVariant = {
  specialize: (call) => ({ chains: chainsOf(call) }),
  arguments(call) {
    const { batch, m, k, n, transposeA, transposeB } = productLengths(call);
    const all = padded(call);
    const a = transposeA ? [4, 4 * m] : [4 * k, 4];
    const b = transposeB ? [4 * k, 4] : [4, 4 * n];
    return [m, k, n, ...a, ...b, all.m, all.n, all.k, 4 * batch * all.m * all.k, batch];
  },
  scratch(call) {
    const { m, n, k } = padded(call);
    return 4 * productLengths(call).batch * (m + n) * k;
  },
  threadScratch: () => 4 * mostRows * 8,
  phases: [
    {
      entry: 'pack',
      units: (call) => unitsOf(call) + productLengths(call).batch * Math.ceil(padded(call).n / 8),
      work: (call) => 16 * 8 * productLengths(call).k,
    },
    {
      entry: 'run',
      units: unitsOf,
      work: (call) => 2 * unitRows * productLengths(call).k * productLengths(call).n,
    },
  ] satisfies readonly WasmPhase[],
  emit(constants, target) {
    const tile = tileOf(constants, target);
    const module = kernelModule();
    emitPack(module, tile);
    emitRun(module, tile, target.relaxed);
    return module.toBytes();
  },
};

/** Units are blocks of rows of all matrices, then eights of columns. */
function emitPack(module: WasmModule, { chains, rows, columns }: Tile): void {
  module.function('pack', { parameters }, (f, given) => {
    const { begin, end, a, b, scratch, m, k, n, mAll, nAll, kAll, batch } = given;
    const blocks = f.let(m.add(unitRows - 1).div_s(unitRows));
    const ofRows = f.let(blocks.mul(batch));
    const eights = f.let(nAll.add(7).div_s(8));
    f.loop(begin, end, (unit) => {
      f.if(
        unit.lt_s(ofRows),
        () => {
          const matrix = f.let(unit.div_s(blocks));
          const lines = { first: unit.rem_s(blocks).mul(unitRows), most: unitRows, count: m };
          const from = { at: a.add(matrix.mul(m).mul(k).shl(2)), line: given.aRow, step: given.aStep };
          packLines(f, {
            ...lines,
            from,
            to: scratch.add(matrix.mul(mAll).mul(kAll).shl(2)),
            k,
            kAll,
            wide: rows,
            chains,
          });
        },
        () => {
          const rest = f.let(unit.sub(ofRows));
          const matrix = f.let(rest.div_s(eights));
          const lines = { first: rest.rem_s(eights).mul(8), most: 8, count: n };
          const from = { at: b.add(matrix.mul(k).mul(n).shl(2)), line: given.bColumn, step: given.bStep };
          const to = scratch.add(given.columnsAt).add(matrix.mul(nAll).mul(kAll).shl(2));
          packLines(f, { ...lines, from, to, k, kAll, wide: columns, chains });
        },
      );
    });
  });
}

/**
 * Up to `most` rows of the first operand, or columns of the second, as panels of `wide`: in one chain element after element of the
 * sum, each with its lines side by side; in four chains line after line, padded with zeros.
 */
function packLines(
  f: FunctionBuilder,
  given: {
    readonly first: Int;
    readonly most: number;
    readonly count: Int;
    readonly from: { readonly at: Int; readonly line: Int; readonly step: Int };
    readonly to: Int;
    readonly k: Int;
    readonly kAll: Int;
    readonly wide: number;
    readonly chains: 1 | 4;
  },
): void {
  const { from, k, kAll, wide, chains } = given;
  const [first, source, to] = [f.let(given.first), f.let(from.at), f.let(given.to)];
  const until = f.let(smaller(given.count, first.add(given.most)));
  f.loop(first, until, (line) => {
    const at = f.let(source.add(line.mul(from.line)));
    const panel = to.add(
      line
        .div_s(wide)
        .mul(kAll)
        .mul(4 * wide),
    );
    const target = f.let(chains === 1 ? panel.add(line.rem_s(wide).shl(2)) : to.add(line.mul(kAll).shl(2)));
    const step = chains === 1 ? 4 * wide : 4;
    f.loop(0, k, () => {
      f.f32.store(target, f32.load(at));
      at.set(at.add(from.step));
      target.set(target.add(step));
    });
    if (chains === 4)
      f.loop(k, kAll, () => {
        f.f32.store(target, 0);
        target.set(target.add(4));
      });
  });
}

function emitRun(module: WasmModule, tile: Tile, relaxed: boolean): void {
  const { rows, columns } = tile;
  module.function(
    'run',
    { parameters },
    (f, { begin, end, y, scratch, own, m, n, mAll, nAll, kAll, columnsAt }: Parameters) => {
      const blocks = f.let(m.add(unitRows - 1).div_s(unitRows));
      f.loop(begin, end, (unit) => {
        const matrix = f.let(unit.div_s(blocks));
        const first = f.let(unit.rem_s(blocks).mul(unitRows));
        const last = f.let(smaller(m, first.add(unitRows)));
        const left = f.let(scratch.add(matrix.mul(mAll).mul(kAll).shl(2)));
        const right = f.let(scratch.add(columnsAt).add(matrix.mul(nAll).mul(kAll).shl(2)));
        const target = f.let(y.add(matrix.mul(m).mul(n).shl(2)));
        f.loop(0, n, columns, (j) => {
          const wide = f.let(smaller(n.sub(j), columns));
          const panel = f.let(right.add(j.mul(kAll).shl(2)));
          f.loop(first, last, rows, (i) => {
            const high = f.let(smaller(last.sub(i), rows));
            const at = f.let(target.add(i.mul(n).add(j).shl(2)));
            const a = f.let(left.add(i.mul(kAll).shl(2)));
            if (tile.chains === 1) chain(f, tile, { a, b: f.let(panel), own, kAll, relaxed });
            else fourChains(f, tile, { a, b: f.let(panel), own, kAll, relaxed });
            // Stored whole, then taken over as far as it is wanted.
            f.loop(0, high, (r) => {
              const line = f.let(at.add(r.mul(n).shl(2)));
              const sums = f.let(own.add(r.mul(4 * columns)));
              const each = (): void =>
                f.loop(0, wide, (c) => f.f32.store(line.add(c.shl(2)), f32.load(sums.add(c.shl(2)))));
              if (columns < 8) each();
              else
                f.if(
                  wide.eq(8),
                  () => {
                    for (const half of [0, 16]) f.v128.store(line, v128.load(sums, half), half);
                  },
                  each,
                );
            });
          });
        });
      });
    },
  );
}

interface Panels {
  readonly a: Local<'i32'>;
  readonly b: Local<'i32'>;
  readonly own: Int;
  readonly kAll: Int;
  readonly relaxed: boolean;
}

/** Lanes along the columns. */
function chain(f: FunctionBuilder, { rows }: Tile, { a, b, own, kAll, relaxed }: Panels): void {
  const sums = Array.from({ length: rows }, () => [f.let(f32x4.splat(0)), f.let(f32x4.splat(0))] as const);
  f.loop(0, kAll, () => {
    const right = [f.let(v128.load(b)), f.let(v128.load(b, 16))] as const;
    for (const [r, [one, two]] of sums.entries()) {
      const left = f.let(v128.load32_splat(a, 4 * r));
      one.set(multiplyAdd(left, right[0], one, relaxed));
      two.set(multiplyAdd(left, right[1], two, relaxed));
    }
    a.set(a.add(4 * rows));
    b.set(b.add(32));
  });
  for (const [r, [one, two]] of sums.entries()) {
    f.v128.store(own, one, 32 * r);
    f.v128.store(own, two, 32 * r + 16);
  }
}

/** Lanes along the sum, one chain a lane, and `(chain 0 + chain 2) + (chain 1 + chain 3)` at its end. */
function fourChains(f: FunctionBuilder, { rows, columns }: Tile, { a, b, own, kAll, relaxed }: Panels): void {
  const lines = Array.from({ length: rows - 1 }, (_, r) => f.let(a.add(kAll.mul(4 * (r + 1)))));
  const other = f.let(b.add(kAll.shl(2)));
  const sums = Array.from({ length: rows * columns }, () => f.let(f32x4.splat(0)));
  f.loop(0, kAll, 4, () => {
    const right = [f.let(v128.load(b)), f.let(v128.load(other))] as const;
    for (const [r, line] of [a, ...lines].entries()) {
      const left = f.let(v128.load(line));
      for (const c of [0, 1] as const) {
        const sum = sums[r * columns + c] as Local<'v128'>;
        sum.set(multiplyAdd(left, right[c], sum, relaxed));
      }
      line.set(line.add(16));
    }
    b.set(b.add(16));
    other.set(other.add(16));
  });
  for (const [i, sum] of sums.entries()) {
    const lane = (which: number): Value<'f32'> => f32x4.extract_lane(sum, which);
    f.f32.store(own, f32.add(f32.add(lane(0), lane(2)), f32.add(lane(1), lane(3))), 4 * i);
  }
}

const smaller = (x: Int, y: Int | number): Int => {
  const limit = typeof y === 'number' ? constant('i32', y) : y;
  return select(x.lt_s(limit), x, limit);
};
