/**
 * The common form: tiles of 12 vectors of sums, lanes along the columns. Columns go in panels as wide as a tile, rows in blocks, sums in
 * parts, so that a part of a panel stays in the nearest cache and a block of rows in the next. Packed into scratch first, where there are
 * rows enough to use it: panels of a transposed second operand, and of a wide one; a transposed first operand whose columns fall on the
 * same cache lines.
 * Long: the ways of packing and the product that reads them must agree on one layout.
 * Baked in: the columns, and the sum's length or (first operand transposed) the rows. The batch is an argument.
 *
 * What each step bought, 1024³, part of the peak: tiles alone 27 to 40 %; panels packed 75 to 85 %; parts of a sum 88 %; the first
 * operand's panels, where it is transposed, 49 → 88 %; wide tiles 92 to 95 %, and where the core is shared 75 → 88 %.
 */
import { type FunctionBuilder, i32, type Value, v128 } from '@dendrite/wasm-assembler';
import { copyPanel } from '../../wasm-kernels/copy-panel.ts';
import { kernelModule } from '../../wasm-kernels/kernel-module.ts';
import { type ProductTiles, productTiles } from '../../wasm-kernels/product-tiles.ts';
import { turnPanel } from '../../wasm-kernels/turn-panel.ts';
import { packedRow, panelRow, placesOf } from '../../wasm-kernels/wide-panels.ts';
import { operands, type ProductForm, type ProductLengths } from './product-form.ts';
import { panelCount, panelsOf, suitsWide, tileOf } from './product-panels.ts';

/** Rows of a unit of work: whole tiles of 6, of 4 and of 2. */
const unitRows = 12;
/** Rows that are multiplied by all panels before the next ones come. */
const blockRows = 96;
/** Elements of a sum that are added before the next ones: what a panel has of them stays in the nearest cache. */
const partOf = (n: number): number => (suitsWide(n) ? 256 : 512);
/** Columns from which on packing pays, if there are rows to use it. */
const many = 192;
const rowsToPackFor = 48;
/** Rows of a unit of copying `a`: whole lines of the cache are read where it is transposed. */
const copyRows = 4 * unitRows;
/** Rows that are copied together for wide tiles, and a multiple of that which is one of all tiles' rows. */
const wideCopy = 8;
const allCopies = 24;
/** Rows, and columns, of tiles for a rest of rows: few rows wait for each other less, the more columns go with them. */
const broadTiles = [
  { height: 2, broad: 24 },
  { height: 1, broad: 32 },
] as const;

const unitsOf = (m: number): number => Math.ceil(m / unitRows);

/** What is packed, by the rows that will use it; the bits do not depend on it. A transposed `a`: where its columns fall on few lines of a cache. */
function packedOf({ m, n, transposeA, transposeB }: ProductLengths): { readonly a: boolean; readonly b: boolean } {
  const a = m >= rowsToPackFor && transposeA && collides(m, n);
  return { a, b: transposeB || a || (n >= many && m >= rowsToPackFor) };
}
const collides = (m: number, n: number): boolean => m % 128 === 0 && n >= 64;
const bytesOfA = ({ m, k }: ProductLengths): number => 4 * allCopies * Math.ceil(m / allCopies) * k;
const bytesOfB = ({ batch, k, n }: ProductLengths): number => batch * k * packedRow(panelsOf(n));
const panelUnits = (lengths: ProductLengths): number =>
  packedOf(lengths).b ? lengths.batch * panelCount(lengths.n) : 0;

/** Heights that together make any rest of fewer than `highest` rows. */
const restOf = (highest: number): readonly number[] => [4, 2, 1].filter((height) => height < highest);

type Int = Value<'i32'>;
/** Ten in all: V8's first wrapper of an export makes an object for the arguments of one that has more. */
const parameters = {
  ...operands,
  m: 'i32',
  k: 'i32',
  panels: 'i32',
  aPacked: 'i32',
} as const;

export const outerProduct: ProductForm = {
  constants: ({ transposeA, transposeB, m, k, n }) => ({ transposeA, transposeB, n, ...(transposeA ? { m } : { k }) }),
  arguments(lengths) {
    return [lengths.m, lengths.k, panelUnits(lengths), packedOf(lengths).a ? bytesOfB(lengths) : 0];
  },
  scratch(lengths) {
    const packed = packedOf(lengths);
    return (packed.b ? bytesOfB(lengths) : 0) + (packed.a ? lengths.batch * bytesOfA(lengths) : 0);
  },
  pack: {
    units: (lengths) =>
      panelUnits(lengths) + (packedOf(lengths).a ? lengths.batch * Math.ceil(lengths.m / copyRows) : 0),
    work: ({ k, n }) => (8 * k * n) / Math.max(1, panelCount(n)),
  },
  run: { units: ({ batch, m }) => batch * unitsOf(m), work: ({ k, n }) => 2 * unitRows * k * n },
  emit(constants, { relaxed }) {
    const transposeA = constants.transposeA === true;
    const transposeB = constants.transposeB === true;
    const columns = Number(constants.n);
    const rowsKnown = Number(constants.m);
    const lengthKnown = Number(constants.k);
    const copiesA = transposeA && collides(rowsKnown, columns);
    const isWide = suitsWide(columns);
    const widths = placesOf(panelsOf(columns));
    const panels = panelCount(columns);
    const tile = tileOf(columns, relaxed);
    const part = partOf(columns);
    /** Rows of a copied panel of `a`. */
    const copied = isWide ? wideCopy : tile.rows;
    const module = kernelModule();
    const inParts = transposeA || lengthKnown > part;

    const plainA = transposeA ? { row: 4, step: 4 * rowsKnown } : { row: 4 * lengthKnown, step: 4 };
    const copiedA = { row: 4, step: 4 * copied };
    const aBytes = (length: Int): Int => length.mul(4 * allCopies * Math.ceil(rowsKnown / allCopies));

    interface Source {
      readonly a: typeof plainA;
      readonly name: string;
      readonly packed: boolean;
    }
    const asTheyLie: Source = { a: plainA, name: 'Plain', packed: false };
    const panelsOfB: Source = { a: plainA, name: 'Packed', packed: true };
    const bothCopied: Source = { a: copiedA, name: 'Copied', packed: true };
    const known = new Map<string, ProductTiles>();
    const tilesOf = ({ a, name, packed }: Source, width: number): ProductTiles => {
      const b = packed ? panelRow(width) : 4 * columns;
      const key = `${name}${b}x`;
      const accumulate = inParts ? 'asked' : false;
      const length = inParts ? 0 : lengthKnown;
      const tiles =
        known.get(key) ?? productTiles(module, { ...a, b, c: 4 * columns, length, relaxed, name: key, accumulate });
      known.set(key, tiles);
      return tiles;
    };
    /** Parts of a panel that a tile takes at a time: where they begin, how wide they are, and how high the tiles. */
    const stripes = (source: Source, width: number) =>
      Array.from({ length: Math.ceil(width / tile.columns) }, (_, i) => {
        const stripe = Math.min(tile.columns, width - i * tile.columns);
        const tallest = tilesOf(source, width).tallest(stripe);
        const highest = isWide ? tile.rows : Math.min(tallest, source === bothCopied ? copied : 8);
        return { first: i * tile.columns, columns: stripe, highest };
      });
    const write = (source: Source): Source => {
      for (const { columns: width } of widths)
        for (const stripe of stripes(source, width))
          for (const rows of [stripe.highest, ...restOf(stripe.highest)])
            tilesOf(source, width).tile(rows, stripe.columns);
      return source;
    };
    const plain = transposeB ? undefined : write(asTheyLie);
    const broads = plain && !isWide ? broadTiles : [];
    for (const { height, broad } of broads) if (broad <= columns) tilesOf(asTheyLie, 8).tile(height, broad);
    const packedPanels = transposeB || (columns >= many && !copiesA) ? write(panelsOfB) : undefined;
    const copies = copiesA ? write(bothCopied) : undefined;

    module.function(
      'pack',
      { parameters },
      (f, { begin, end, a, b, scratch, m: rows, k: length, panels: bUnits, aPacked }) => {
        const last = f.let(bUnits);
        f.if(end.lt_s(last), () => last.set(end));
        f.loop(begin, last, (unit) => {
          const matrix = f.let(unit.div_s(panels));
          const panel = f.let(unit.rem_s(panels));
          const from = f.let(b.add(matrix.mul(length).mul(4 * columns)));
          const to = f.let(scratch.add(matrix.mul(length).mul(packedRow(panelsOf(columns)))));
          for (const { columns: width, count, panel: before, column, bytes } of widths)
            f.if(panel.sub(before).lt_u(count), () => {
              const j = f.let(panel.sub(before));
              const target = f.let(to.add(j.mul(panelRow(width)).add(bytes).mul(length)));
              const first = j.mul(width).add(column);
              if (transposeB) turnPanel(f, { to: target, from: from.add(first.mul(length).shl(2)), length, width });
              else {
                const source = from.add(first.shl(2));
                const steps = { fromStep: 4 * columns, toStep: panelRow(width) };
                copyPanel(f, { to: target, from: source, rows: length, columns: width, ...steps });
              }
            });
        });
        if (copiesA) {
          const first = f.let(begin);
          f.if(first.lt_s(bUnits), () => first.set(bUnits));
          f.loop(first, end, (unit) => {
            const units = f.let(rows.add(copyRows - 1).div_s(copyRows));
            const matrix = f.let(unit.sub(bUnits).div_s(units));
            const row = f.let(unit.sub(bUnits).rem_s(units).mul(copyRows));
            const from = f.let(a.add(matrix.mul(rows).mul(length).shl(2)));
            const to = f.let(scratch.add(aPacked).add(matrix.mul(aBytes(length))));
            const count = f.let(rows.sub(row));
            f.if(count.gt_s(copyRows), () => count.set(copyRows));
            copyColumns(f, { to, from, row, count, length, rows: rowsKnown, height: copied });
          });
        }
      },
    );

    module.function(
      'run',
      { parameters },
      (f, { begin, end, y, a, b, scratch, m: rows, k: length, panels: bUnits, aPacked }) => {
        const units = f.let(rows.add(unitRows - 1).div_s(unitRows));
        const unit = f.let(begin);
        f.while(
          () => unit.lt_s(end),
          () => {
            // As many units of one matrix as there are.
            const matrix = f.let(unit.div_s(units));
            const firstRow = f.let(unit.sub(matrix.mul(units)).mul(unitRows));
            const lastRow = f.let(end.sub(matrix.mul(units)).mul(unitRows));
            f.if(lastRow.gt_s(rows), () => lastRow.set(rows));
            unit.set(matrix.add(1).mul(units));
            const aAt = f.let(a.add(matrix.mul(rows).mul(length).shl(2)));
            const yAt = f.let(y.add(matrix.mul(rows).mul(4 * columns)));

            const product = (source: Source, bAt: Int, aRow: (row: Int) => Int): void => {
              const bRow = (width: number): number => (source.packed ? panelRow(width) : 4 * columns);
              const block = (from: Int, until: Int, k0: Int, count: Int): void => {
                const rest = f.let(until.sub(from).rem_s(tile.rows));
                const broadly = source === asTheyLie && broads.length > 0;
                for (const { columns: width, count: panelsSoWide, column, bytes } of widths)
                  f.loop(0, panelsSoWide, (j) => {
                    const panelAt = source.packed
                      ? j.mul(panelRow(width)).add(bytes).mul(length)
                      : j.mul(4 * width).add(4 * column);
                    const bj = f.let(bAt.add(panelAt).add(k0.mul(bRow(width))));
                    const yj = f.let(yAt.add(j.mul(4 * width)).add(4 * column));
                    for (const stripe of stripes(source, width)) {
                      const one = (i: Int, height: number): void => {
                        const c = yj.add(i.mul(4 * columns)).add(4 * stripe.first);
                        const at = { a: aRow(i).add(k0.mul(source.a.step)), b: bj.add(4 * stripe.first), c };
                        f.do(tilesOf(source, width).tile(height, stripe.columns)({ ...at, length: count, more: k0 }));
                      };
                      const i = f.let(from);
                      f.while(
                        () => i.add(stripe.highest).le_s(until),
                        () => {
                          one(i, stripe.highest);
                          i.set(i.add(stripe.highest));
                        },
                      );
                      const left = f.let(until.sub(i));
                      for (const height of restOf(stripe.highest))
                        if (!(broadly && width === 8 && height < 4))
                          f.if(left.and(height), () => {
                            one(i, height);
                            i.set(i.add(height));
                          });
                    }
                  });
                const whole = columns - (columns % 8);
                for (const { height, broad } of broadly ? broads : [])
                  f.if(rest.and(height), () => {
                    // One row comes behind two.
                    const i = f.let(height === 1 ? until.sub(1) : until.sub(rest.and(3)));
                    const ai = f.let(aRow(i).add(k0.mul(source.a.step)));
                    const [bi, yi] = [f.let(bAt.add(k0.mul(4 * columns))), f.let(yAt.add(i.mul(4 * columns)))];
                    const across = (first: number, last: number, width: number): void =>
                      f.loop(4 * first, 4 * last, 4 * width, (j) => {
                        const at = { a: ai, b: bi.add(j), c: yi.add(j) };
                        f.do(tilesOf(source, 8).tile(height, width)({ ...at, length: count, more: k0 }));
                      });
                    const some = whole - (whole % broad);
                    if (some > 0) across(0, some, broad);
                    if (some < whole) across(some, whole, 8);
                  });
              };
              f.loop(firstRow, lastRow, blockRows, (from) => {
                const until = f.let(from.add(blockRows));
                f.if(until.gt_s(lastRow), () => until.set(lastRow));
                const k0 = f.local('i32');
                if (!inParts) block(from, until, k0, length);
                else
                  f.repeat(
                    () => {
                      const count = f.let(length.sub(k0));
                      f.if(count.gt_s(part), () => count.set(part));
                      block(from, until, k0, count);
                      k0.set(k0.add(part));
                    },
                    () => k0.lt_s(length),
                  );
              });
            };
            const plainRow = (row: Int): Int => aAt.add(row.mul(plainA.row));
            const plainly = (): void => {
              product(asTheyLie, f.let(b.add(matrix.mul(length).mul(4 * columns))), plainRow);
            };
            const packedAt = (): Int => f.let(scratch.add(matrix.mul(length).mul(packedRow(panelsOf(columns)))));
            const packedPlainly = (): void => product(panelsOfB, packedAt(), plainRow);
            const copied = (): void => {
              const copyAt = f.let(scratch.add(aPacked).add(matrix.mul(aBytes(length))));
              product(bothCopied, packedAt(), (row) =>
                isWide
                  ? copyAt.add(
                      row
                        .and(-wideCopy)
                        .mul(length)
                        .add(row.and(wideCopy - 1))
                        .shl(2),
                    )
                  : copyAt.add(row.mul(length).shl(2)),
              );
            };
            const withoutCopy = (): void => {
              if (plain && packedPanels) f.if(bUnits, packedPlainly, plainly);
              else if (plain) plainly();
              else packedPlainly();
            };
            if (copies) f.if(aPacked, copied, withoutCopy);
            else withoutCopy();
          },
        );
      },
    );
    return module.toBytes();
  },
};

/** Columns of a transposed `a` as panels of `height`, one element of the sum behind the other. */
function copyColumns(
  f: FunctionBuilder,
  at: {
    readonly to: Int;
    readonly from: Int;
    readonly row: Int;
    readonly count: Int;
    readonly length: Int;
    readonly rows: number;
    readonly height: number;
  },
): void {
  const { row, count, length, rows, height } = at;
  const from = f.let(at.from.add(row.shl(2)));
  const panel = 4 * height;
  /** So many columns at once. */
  const together = (first: Int, columns: number): void => {
    const source = f.let(from.add(first.shl(2)));
    const targets = Array.from({ length: columns / height }, (_, p) =>
      f.let(
        at.to.add(
          row
            .add(first)
            .add(p * height)
            .mul(length)
            .shl(2),
        ),
      ),
    );
    f.loop(0, length, () => {
      for (const [p, to] of targets.entries()) {
        for (let at = 0; at + 16 <= panel; at += 16) f.v128.store(to, v128.load(source, p * panel + at), at);
        if (height === 6) f.v128.store64_lane(to, v128.load64_zero(source, p * panel + 16), 0, 16);
        to.set(to.add(panel));
      }
      source.set(source.add(4 * rows));
    });
  };
  f.if(
    count.eq(copyRows),
    () => together(f.local('i32'), copyRows),
    () => {
      const some = height === wideCopy ? wideCopy : unitRows;
      const whole = f.let(count.sub(count.rem_s(some)));
      f.loop(0, whole, some, (first) => together(first, some));
      f.loop(whole, count, (r) => {
        const into = f.let(row.add(r));
        const inPanel = f.let(into.rem_s(height));
        const to = f.let(at.to.add(into.sub(inPanel).mul(length).add(inPanel).shl(2)));
        const source = f.let(from.add(r.shl(2)));
        f.loop(0, length, () => {
          f.i32.store(to, i32.load(source));
          to.set(to.add(panel));
          source.set(source.add(4 * rows));
        });
      });
    },
  );
}
