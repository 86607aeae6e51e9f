/**
 * The common form: tiles of 6 × 8 sums, lanes along the columns. Columns go in panels of eight, rows in blocks, sums in parts, so that
 * a part of a panel stays in the nearest cache and a block of rows in the next. Packed into scratch first, where there are rows enough
 * to use it: panels of a transposed second operand, and of a wide one; a first operand whose rows fall on the same cache lines.
 * Long: the ways of packing and the product that reads them must agree on one layout.
 * Baked in: the columns, and the sum's length or (first operand transposed) the rows. The batch is an argument.
 *
 * What each step bought, 1024³, part of the peak: tiles alone 27 to 40 %; panels packed 75 to 85 %; parts of a sum 88 %;
 * and the first operand's panels, where it is transposed, 49 → 88 %.
 */
import { constant, type FunctionBuilder, i32, type Value, v128, wasmModule } from '@dendrite/wasm-assembler';
import { copyPanel } from '../../wasm-kernels/copy-panel.ts';
import { type ProductTiles, productTiles, tallestOf } from '../../wasm-kernels/product-tiles.ts';
import { transposeMatrix, turnEight } from '../../wasm-kernels/transpose-matrix.ts';
import { operands, type ProductForm, type ProductLengths } from './product-form.ts';

/** Rows of a unit of work: whole tiles of 6 and of 4. */
const unitRows = 12;
/** Rows that are multiplied by all panels before the next ones come, and elements of a sum that are added before the next ones. */
const blockRows = 96;
const part = 512;
/** Columns from which on packing pays, if there are rows to use it. */
const wide = 192;
const rowsToPackFor = 48;
/** Rows of a unit of copying `a`: whole lines of the cache are read where it is transposed. */
const copyRows = 4 * unitRows;
/** Rows, and columns, of tiles for a rest of rows: few rows wait for each other less, the more columns go with them. */
const broadTiles = [
  { height: 2, broad: 24 },
  { height: 1, broad: 32 },
] as const;
/** Elements that keep rows of a copy off each other's cache lines. */
const gap = 16;

const panelsOf = (n: number): number => Math.ceil(n / 8);
const unitsOf = (m: number): number => Math.ceil(m / unitRows);

/** Whether rows (or, transposed, columns) of `a` lie so that they fall on few lines of a cache. */
type Known = { readonly transposeA: boolean; readonly n: number; readonly m?: number; readonly k?: number };
const collides = ({ transposeA, n, m = 1, k = 1 }: Known): boolean =>
  transposeA ? m % 128 === 0 && n >= 64 : k % 512 === 0 && n >= wide;
/** What is packed, by the rows that will use it; the bits do not depend on it. */
function packedOf(lengths: ProductLengths): { readonly a: boolean; readonly b: boolean } {
  const { m, n, transposeB } = lengths;
  const both = m >= rowsToPackFor && collides(lengths);
  return { a: both, b: transposeB || both || (n >= wide && m >= rowsToPackFor) };
}
const bytesOfA = ({ m, k, transposeA }: ProductLengths): number =>
  transposeA ? 4 * unitRows * unitsOf(m) * k : 4 * m * (k + gap);
const bytesOfB = ({ batch, k, n }: ProductLengths): number => 32 * batch * k * panelsOf(n);
const panelUnits = (lengths: ProductLengths): number => (packedOf(lengths).b ? lengths.batch * panelsOf(lengths.n) : 0);

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
    const packed = packedOf(lengths);
    return [lengths.m, lengths.k, panelUnits(lengths), packed.a ? bytesOfB(lengths) : 0];
  },
  scratch(lengths) {
    const packed = packedOf(lengths);
    return (packed.b ? bytesOfB(lengths) : 0) + (packed.a ? lengths.batch * bytesOfA(lengths) : 0);
  },
  pack: {
    units: (lengths) =>
      panelUnits(lengths) + (packedOf(lengths).a ? lengths.batch * Math.ceil(lengths.m / copyRows) : 0),
    work: ({ k }) => 64 * k,
  },
  run: { units: ({ batch, m }) => batch * unitsOf(m), work: ({ k, n }) => 2 * unitRows * k * n },
  emit(constants, { relaxed }) {
    const transposeA = constants.transposeA === true;
    const transposeB = constants.transposeB === true;
    const columns = Number(constants.n);
    const rowsKnown = Number(constants.m);
    const lengthKnown = Number(constants.k);
    const known = transposeA ? { transposeA, n: columns, m: rowsKnown } : { transposeA, n: columns, k: lengthKnown };
    const copiesA = collides(known);
    const panels = panelsOf(columns);
    const tallest = tallestOf(relaxed);
    const module = wasmModule();
    module.importMemory('env', 'memory', { initial: 1 });
    const inParts = transposeA || lengthKnown > part;

    const plainA = transposeA ? { row: 4, step: 4 * rowsKnown } : { row: 4 * lengthKnown, step: 4 };
    const aBytes = (rows: Int, length: Int): Int =>
      transposeA ? length.mul(4 * unitRows * unitsOf(rowsKnown)) : rows.mul(4 * (lengthKnown + gap));
    const copiedA = transposeA ? { row: 4, step: 4 * tallest } : { row: 4 * (lengthKnown + gap), step: 4 };
    // Rows of a copied panel lie apart from the next panel's.
    const highestOf = (tiles: ProductTiles, width: number, a: typeof plainA): number =>
      Math.min(tiles.tallest(width), a === copiedA ? tallest : 8);
    const tilesOver = (a: typeof plainA, b: number, name: string): ProductTiles => {
      const accumulate = inParts ? 'asked' : false;
      const length = inParts ? 0 : lengthKnown;
      const tiles = productTiles(module, { ...a, b, c: 4 * columns, length, relaxed, name, accumulate });
      for (const width of [columns >= 8 ? 8 : 0, columns % 8])
        if (width > 0)
          for (const rows of [highestOf(tiles, width, a), ...restOf(highestOf(tiles, width, a))])
            tiles.tile(rows, width);
      return tiles;
    };
    const asTheyLie = transposeB ? undefined : tilesOver(plainA, 4 * columns, 'Plain');
    if (asTheyLie) for (const { height, broad } of broadTiles) if (broad <= columns) asTheyLie.tile(height, broad);
    const panelsOfB = transposeB || (columns >= wide && !copiesA) ? tilesOver(plainA, 32, 'Packed') : undefined;
    const bothCopied = copiesA ? tilesOver(copiedA, 32, 'Copied') : undefined;

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
          const to = f.let(scratch.add(unit.mul(length).shl(5)));
          const width = (count: number): void => {
            if (transposeB) {
              const first = f.let(from.add(panel.mul(length).shl(5)));
              const sizes = { rows: f.local('i32', count), columns: length };
              if (count === 8) turnEight(f, { to, from: first, length });
              else transposeMatrix(f, { to, from: first, ...sizes, toStep: 32 });
            } else {
              const first = f.let(from.add(panel.shl(5)));
              copyPanel(f, { to, from: first, rows: length, columns: count, fromStep: 4 * columns });
            }
          };
          if (columns % 8 === 0) width(8);
          else
            f.if(
              panel.eq(panels - 1),
              () => width(columns % 8),
              () => width(8),
            );
        });
        if (copiesA) {
          const first = f.let(begin);
          f.if(first.lt_s(bUnits), () => first.set(bUnits));
          f.loop(first, end, (unit) => {
            const units = f.let(rows.add(copyRows - 1).div_s(copyRows));
            const matrix = f.let(unit.sub(bUnits).div_s(units));
            const row = f.let(unit.sub(bUnits).rem_s(units).mul(copyRows));
            const from = f.let(a.add(matrix.mul(rows).mul(length).shl(2)));
            const to = f.let(scratch.add(aPacked).add(matrix.mul(aBytes(rows, length))));
            const count = f.let(rows.sub(row));
            f.if(count.gt_s(copyRows), () => count.set(copyRows));
            if (transposeA) copyColumns(f, { to, from, row, count, length, rows: rowsKnown, tallest });
            else
              f.loop(0, count, (r) => {
                const at = f.let(row.add(r));
                const target = to.add(at.mul(copiedA.row));
                f.memory.copy(target, from.add(at.mul(plainA.row)), plainA.row);
              });
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
            const copyAt = f.let(scratch.add(aPacked).add(matrix.mul(aBytes(rows, length))));

            interface Source {
              readonly tiles: ProductTiles;
              readonly aRow: (row: Int) => Int;
              readonly aStep: number;
              readonly b: Int;
              /** Bytes from one panel of `b` to the next, and from one row of a panel to the next. */
              readonly panelStep: Int;
              readonly bRow: number;
            }
            const product = ({ tiles, aRow, aStep, b: bAt, panelStep, bRow }: Source): void => {
              const block = (from: Int, until: Int, k0: Int, count: Int): void => {
                const rest = f.let(until.sub(from).rem_s(tallest));
                const broadly = tiles === asTheyLie;
                const panel = (j: Int, width: number): void => {
                  const bj = f.let(bAt.add(j.mul(panelStep)).add(k0.mul(bRow)));
                  const yj = f.let(yAt.add(j.shl(5)));
                  const tile = (i: Int, height: number): void => {
                    const at = { a: aRow(i).add(k0.mul(aStep)), b: bj, c: yj.add(i.mul(4 * columns)) };
                    f.do(tiles.tile(height, width)({ ...at, length: count, more: k0 }));
                  };
                  const highest = highestOf(tiles, width, tiles === bothCopied ? copiedA : plainA);
                  const i = f.let(from);
                  f.while(
                    () => i.add(highest).le_s(until),
                    () => {
                      tile(i, highest);
                      i.set(i.add(highest));
                    },
                  );
                  const left = f.let(until.sub(i));
                  for (const height of restOf(highest))
                    if (!(broadly && width === 8 && height < 4))
                      f.if(left.and(height), () => {
                        tile(i, height);
                        i.set(i.add(height));
                      });
                };
                const whole = columns - (columns % 8);
                if (whole > 0) f.loop(0, whole / 8, (j) => panel(j, 8));
                if (columns % 8 > 0) panel(f.local('i32', whole / 8), columns % 8);
                for (const { height, broad } of broadly ? broadTiles : [])
                  f.if(rest.and(height), () => {
                    // One row comes behind two.
                    const i = f.let(height === 1 ? until.sub(1) : until.sub(rest.and(3)));
                    const ai = f.let(aRow(i).add(k0.mul(aStep)));
                    const [bi, yi] = [f.let(bAt.add(k0.mul(bRow))), f.let(yAt.add(i.mul(4 * columns)))];
                    const across = (first: number, last: number, width: number): void =>
                      f.loop(4 * first, 4 * last, 4 * width, (j) =>
                        f.do(tiles.tile(height, width)({ a: ai, b: bi.add(j), c: yi.add(j), length: count, more: k0 })),
                      );
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
            const plainly = (): void => {
              const bAt = f.let(b.add(matrix.mul(length).mul(4 * columns)));
              const panelStep = constant('i32', 32);
              const aRow = (row: Int): Int => aAt.add(row.mul(plainA.row));
              if (asTheyLie)
                product({ tiles: asTheyLie, aRow, aStep: plainA.step, b: bAt, panelStep, bRow: 4 * columns });
            };
            const inPanels = (tiles: ProductTiles | undefined, aRow: (row: Int) => Int, aStep: number): void => {
              const panelStep = f.let(length.shl(5));
              const bAt = f.let(scratch.add(matrix.mul(panels).mul(panelStep)));
              if (tiles) product({ tiles, aRow, aStep, b: bAt, panelStep, bRow: 32 });
            };
            const packedPlainly = (): void => inPanels(panelsOfB, (row) => aAt.add(row.mul(plainA.row)), plainA.step);
            const copied = (): void => {
              const aRow = (row: Int): Int => copyAt.add(transposeA ? row.mul(length).shl(2) : row.mul(copiedA.row));
              inPanels(bothCopied, aRow, copiedA.step);
            };
            const choose = (asked: Int, yes: () => void, no: () => void): void => f.if(asked, yes, no);
            const withoutCopy = (): void => {
              if (asTheyLie && panelsOfB) choose(bUnits, packedPlainly, plainly);
              else if (asTheyLie) plainly();
              else packedPlainly();
            };
            if (bothCopied) choose(aPacked, copied, withoutCopy);
            else withoutCopy();
          },
        );
      },
    );
    return module.toBytes();
  },
};

/** Columns of a transposed `a` as panels of `tallest`, one element of the sum behind the other. */
function copyColumns(
  f: FunctionBuilder,
  at: {
    readonly to: Int;
    readonly from: Int;
    readonly row: Int;
    readonly count: Int;
    readonly length: Int;
    readonly rows: number;
    readonly tallest: number;
  },
): void {
  const { row, count, length, rows, tallest } = at;
  const from = f.let(at.from.add(row.shl(2)));
  const panel = 4 * tallest;
  /** So many columns at once. */
  const together = (first: Int, columns: number): void => {
    const source = f.let(from.add(first.shl(2)));
    const targets = Array.from({ length: columns / tallest }, (_, p) =>
      f.let(
        at.to.add(
          row
            .add(first)
            .add(p * tallest)
            .mul(length)
            .shl(2),
        ),
      ),
    );
    f.loop(0, length, () => {
      for (const [p, to] of targets.entries()) {
        f.v128.store(to, v128.load(source, p * panel));
        if (tallest === 6) f.v128.store64_lane(to, v128.load64_zero(source, p * panel + 16), 0, 16);
        to.set(to.add(panel));
      }
      source.set(source.add(4 * rows));
    });
  };
  f.if(
    count.eq(copyRows),
    () => together(f.local('i32'), copyRows),
    () => {
      const whole = f.let(count.sub(count.rem_s(unitRows)));
      f.loop(0, whole, unitRows, (first) => together(first, unitRows));
      f.loop(whole, count, (r) => {
        const into = f.let(row.add(r));
        const inPanel = f.let(into.rem_s(tallest));
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
